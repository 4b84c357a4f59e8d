"""Writing pools and claims."""

from __future__ import annotations

from lianxin.allocation.services.gates import (
    Sent,
    Stored,
    gate_close,
    gate_list,
    gate_open,
    gate_shown,
    scans_store,
)
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
from lianxin.allocation.services.ticketing import ticket_keys, ticket_of
from lianxin.allocation.services.upkeep import past_purge

__all__ = [
    "Ask",
    "PoolTerms",
    "Sent",
    "Stored",
    "Taken",
    "claim_cancel",
    "claim_take",
    "draw_settle",
    "gate_close",
    "gate_list",
    "gate_open",
    "gate_shown",
    "moves_tell",
    "offer_accept",
    "offers_lapse",
    "past_purge",
    "pool_call_off",
    "pool_change",
    "pool_open",
    "pools_with_past_offers",
    "scans_store",
    "take_many",
    "ticket_keys",
    "ticket_of",
]
