"""Django's handle on the exchange."""

from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "lianxin.exchange"
    label = "exchange"

    def ready(self) -> None:
        from lianxin.exchange import jobs, slots, subscribers

        del jobs, subscribers  # they register themselves
        slots.fill()
