"""Django's handle on notices."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "lianxin.notices"
    label = "notices"

    def ready(self) -> None:
        from lianxin.notices import jobs, slots  # noqa: F401  (jobs register themselves)

        slots.fill()
