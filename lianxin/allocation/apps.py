"""Django's handle on allocation."""

from __future__ import annotations

from django.apps import AppConfig


class AllocationConfig(AppConfig):
    name = "lianxin.allocation"
    label = "allocation"

    def ready(self) -> None:
        from lianxin.allocation import jobs, slots  # noqa: F401  (jobs register themselves)

        slots.fill()
