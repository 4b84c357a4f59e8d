"""Django's handle on catalogue."""

from __future__ import annotations

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "lianxin.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from lianxin.catalogue import jobs, slots, subscribers  # noqa: F401  (jobs register themselves)

        subscribers.subscribe_all()
        slots.fill()
