"""Django's handle on activities."""

from __future__ import annotations

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "lianxin.activities"
    label = "activities"

    def ready(self) -> None:
        from lianxin.activities import jobs, slots, subscribers

        del jobs, subscribers  # they register themselves

        slots.fill()
