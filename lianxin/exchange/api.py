"""The door of the exchange."""

from __future__ import annotations

from lianxin.exchange.selectors import offers_card

__all__ = ["offers_card"]
