"""Django's handle on procedures."""

from __future__ import annotations

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "lianxin.procedures"
    label = "procedures"

    def ready(self) -> None:
        from lianxin.procedures import jobs, slots, subscribers  # noqa: F401  (jobs register themselves)

        subscribers.subscribe_all()
        slots.fill()
