"""Writing pools and claims."""

from __future__ import annotations

from lianxin.allocation.services.pools import PoolTerms, pool_call_off, pool_change, pool_open
from lianxin.allocation.services.settling import (
    claim_cancel,
    draw_settle,
    offer_accept,
    offers_lapse,
    pools_with_past_offers,
)
from lianxin.allocation.services.taking import Ask, Taken, claim_take, take_many
from lianxin.allocation.services.telling import moves_tell

__all__ = [
    "Ask", "PoolTerms", "Taken", "claim_cancel", "claim_take", "draw_settle", "moves_tell",
    "offer_accept", "offers_lapse", "pool_call_off", "pool_change", "pool_open", "pools_with_past_offers", "take_many",
]  # fmt: skip
