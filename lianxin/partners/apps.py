"""Django's handle on partners."""

from __future__ import annotations

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "lianxin.partners"
    label = "partners"

    def ready(self) -> None:
        from lianxin.partners import slots

        slots.fill()
