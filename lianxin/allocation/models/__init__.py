"""The tables of allocation: pools, claims, seats, the ledger, draws, scans; what is booked by time."""

from __future__ import annotations

from lianxin.allocation.models.booking import Bookable, BookedCell, Booking, BookingEntry
from lianxin.allocation.models.draw import Draw, DrawList, DrawParty, DrawStatement, DrawValue
from lianxin.allocation.models.ledger import LedgerError, LedgerLine
from lianxin.allocation.models.pool import Claim, Pool, Seat
from lianxin.allocation.models.scan import Gate, Scan

__all__ = [
    "Bookable", "BookedCell", "Booking", "BookingEntry", "Claim", "Draw", "DrawList", "DrawParty",
    "DrawStatement", "DrawValue", "Gate", "LedgerError", "LedgerLine", "Pool", "Scan", "Seat",
]  # fmt: skip
