"""Django's handle on orgs."""

from __future__ import annotations

from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "lianxin.orgs"
    label = "orgs"

    def ready(self) -> None:
        from lianxin.orgs import jobs, slots  # noqa: F401  (jobs register themselves)

        slots.fill()
