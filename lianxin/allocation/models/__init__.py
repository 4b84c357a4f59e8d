"""The tables of allocation: pools, claims, numbered seats, the ledger, scans."""

from __future__ import annotations

from lianxin.allocation.models.ledger import LedgerError, LedgerLine
from lianxin.allocation.models.pool import Claim, Pool, Seat
from lianxin.allocation.models.scan import Gate, Scan

__all__ = ["Claim", "Gate", "LedgerError", "LedgerLine", "Pool", "Scan", "Seat"]
