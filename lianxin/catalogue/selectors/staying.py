"""What somebody holds of nights in a youth station, for the application that asks for them."""

from __future__ import annotations

import uuid

from lianxin.allocation.api import Booking, bookings_held, run_words
from lianxin.catalogue.constants import NIGHTS


def held_by(account_id: uuid.UUID | None) -> Booking | None:
    """Return the nights somebody holds for this service, the newest choice. One query."""
    return next(iter(bookings_held(account_id, service=NIGHTS)), None)


def nights_words(booking: Booking) -> str:
    """Say which bed and which nights, as the application carries it."""
    return f"{booking.bookable.title}，{run_words(booking)}"[:200]
