"""Django's handle on ui."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "lianxin.ui"
    label = "ui"

    def ready(self) -> None:
        from lianxin.ui import slots

        slots.fill()
