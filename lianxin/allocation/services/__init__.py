"""Writing pools and claims, and what is booked by time."""

from __future__ import annotations

from lianxin.allocation.services.amending import claim_amend
from lianxin.allocation.services.answering import (
    booking_confirm,
    booking_drop,
    booking_move,
    booking_refuse,
)
from lianxin.allocation.services.bookables import (
    BookableTerms,
    ConflictsError,
    bookable_change,
    bookable_end,
    bookable_open,
    terms_of,
)
from lianxin.allocation.services.booking import (
    Held,
    Wish,
    booking_ask,
    booking_cancel,
    booking_carry,
    booking_hold,
    booking_keep_on,
)
from lianxin.allocation.services.booking_clock import booking_late, bookings_end, bookings_lapse
from lianxin.allocation.services.booking_telling import booking_tell
from lianxin.allocation.services.gates import (
    Sent,
    Stored,
    gate_close,
    gate_disown,
    gate_known,
    gate_list,
    gate_open,
    gate_shown,
    scans_store,
)
from lianxin.allocation.services.pools import (
    DROP_CLAIMS,
    PoolTerms,
    claims_drop,
    pool_call_off,
    pool_change,
    pool_open,
)
from lianxin.allocation.services.settling import (
    claim_cancel,
    draw_close,
    draw_settle,
    offer_accept,
    offers_lapse,
    pools_with_past_offers,
)
from lianxin.allocation.services.signing_up import claim_take_for
from lianxin.allocation.services.taking import Ask, Taken, claim_take, pool_at_hand, take_many
from lianxin.allocation.services.telling import moves_tell
from lianxin.allocation.services.ticketing import ticket_keys, ticket_of
from lianxin.allocation.services.upkeep import claims_forget, past_purge

__all__ = [
    "DROP_CLAIMS",
    "Ask",
    "BookableTerms",
    "ConflictsError",
    "Held",
    "PoolTerms",
    "Sent",
    "Stored",
    "Taken",
    "Wish",
    "bookable_change",
    "bookable_end",
    "bookable_open",
    "booking_ask",
    "booking_cancel",
    "booking_carry",
    "booking_confirm",
    "booking_drop",
    "booking_hold",
    "booking_keep_on",
    "booking_late",
    "booking_move",
    "booking_refuse",
    "booking_tell",
    "bookings_end",
    "bookings_lapse",
    "claim_amend",
    "claim_cancel",
    "claim_take",
    "claim_take_for",
    "claims_drop",
    "claims_forget",
    "draw_close",
    "draw_settle",
    "gate_close",
    "gate_disown",
    "gate_known",
    "gate_list",
    "gate_open",
    "gate_shown",
    "moves_tell",
    "offer_accept",
    "offers_lapse",
    "past_purge",
    "pool_at_hand",
    "pool_call_off",
    "pool_change",
    "pool_open",
    "pools_with_past_offers",
    "scans_store",
    "take_many",
    "terms_of",
    "ticket_keys",
    "ticket_of",
]
