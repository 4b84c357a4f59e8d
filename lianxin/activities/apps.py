"""Django's handle on activities."""

from __future__ import annotations

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "lianxin.activities"
    label = "activities"

    def ready(self) -> None:
        from lianxin.activities import jobs, slots  # noqa: F401  (jobs register themselves)

        slots.fill()
