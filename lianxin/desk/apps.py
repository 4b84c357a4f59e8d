"""Django's handle on desk."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "lianxin.desk"
    label = "desk"

    def ready(self) -> None:
        from lianxin.desk import slots

        slots.fill()
