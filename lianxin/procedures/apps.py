"""Django's handle on procedures."""

from __future__ import annotations

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "lianxin.procedures"
    label = "procedures"
