"""Django's handle on terminal."""

from __future__ import annotations

from django.apps import AppConfig


class TerminalConfig(AppConfig):
    name = "lianxin.terminal"
    label = "terminal"
