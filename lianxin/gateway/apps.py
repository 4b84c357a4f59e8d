"""Django's handle on gateway."""

from __future__ import annotations

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "lianxin.gateway"
    label = "gateway"

    def ready(self) -> None:
        from lianxin.gateway import jobs, slots, subscribers  # noqa: F401  (jobs register themselves)

        slots.fill()
        subscribers.subscribe_all()
