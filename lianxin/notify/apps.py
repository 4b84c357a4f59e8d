"""Django's handle on notify."""

from __future__ import annotations

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "lianxin.notify"
    label = "notify"

    def ready(self) -> None:
        from lianxin.notify import jobs, slots  # noqa: F401  (jobs register themselves)

        slots.fill()
