"""The door of the exchange."""

from __future__ import annotations

from lianxin.exchange.selectors import offers_card
from lianxin.exchange.services import Entry, resource_end, resource_offer, resource_publish

__all__ = ["Entry", "offers_card", "resource_end", "resource_offer", "resource_publish"]
