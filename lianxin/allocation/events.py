"""What allocation tells."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from lianxin.kit.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimsMoved(Event):
    """Claims of a pool moved: the lines `from_seq` to `to_seq` were added to its ledger."""

    pool_id: uuid.UUID
    kind: str
    object_id: uuid.UUID
    from_seq: int
    to_seq: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolCalledOff(Event):
    """A pool was called off; all who held or waited for places were told."""

    pool_id: uuid.UUID
    kind: str
    object_id: uuid.UUID
    off_at: dt.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class BookingMoved(Event):
    """Something happened to a booking: the entry `seq` was added to its story."""

    booking_id: uuid.UUID
    bookable_id: uuid.UUID
    kind: str
    object_id: uuid.UUID
    verb: str
    state: str
    seq: int
    case_id: uuid.UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class BookableEnded(Event):
    """A thing is booked no more; whoever had it booked ahead was told."""

    bookable_id: uuid.UUID
    kind: str
    object_id: uuid.UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawMoved(Event):
    """A draw reached another stage: collecting, frozen, committed, revealed, drawn, void."""

    draw_id: uuid.UUID
    pool_id: uuid.UUID
    kind: str
    object_id: uuid.UUID
    stage: str
