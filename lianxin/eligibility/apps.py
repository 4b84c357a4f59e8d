"""Django's handle on eligibility."""

from __future__ import annotations

from django.apps import AppConfig


class EligibilityConfig(AppConfig):
    name = "lianxin.eligibility"
    label = "eligibility"

    def ready(self) -> None:
        from lianxin.eligibility import jobs, slots, subscribers  # noqa: F401  (jobs register themselves)

        slots.fill()
        subscribers.listen()
