"""The door of the exchange."""

from __future__ import annotations

from lianxin.exchange.services import Entry, resource_end, resource_offer, resource_publish

__all__ = ["Entry", "resource_end", "resource_offer", "resource_publish"]
