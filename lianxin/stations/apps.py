"""Django's handle on stations."""

from __future__ import annotations

from django.apps import AppConfig


class StationsConfig(AppConfig):
    name = "lianxin.stations"
    label = "stations"

    def ready(self) -> None:
        from lianxin.stations import jobs, slots

        del jobs
        slots.fill()
