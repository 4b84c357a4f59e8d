"""Django's handle on terminal."""

from __future__ import annotations

from django.apps import AppConfig


class TerminalConfig(AppConfig):
    name = "lianxin.terminal"
    label = "terminal"

    def ready(self) -> None:
        from lianxin.terminal import slots

        slots.fill()
