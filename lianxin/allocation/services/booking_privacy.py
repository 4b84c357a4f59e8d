"""What bookings keep about a person: her copy of it, and letting go."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.db.models import Value

from lianxin.allocation.models import Booking, BookingEntry
from lianxin.allocation.rules.bookings import BookingVerb
from lianxin.allocation.services.booking_steps import booking_opened, booking_step
from lianxin.kit.transactions import atomic
from lianxin.vault import api as vault


def bookings_export(account_id: uuid.UUID | None) -> list[dict[str, Any]]:
    """List what a person booked, with what she told for it."""
    if account_id is None:
        return []
    rows = Booking.objects.filter(account_id=account_id).select_related("bookable", "union")
    return [
        {
            "what": booking.bookable.title,
            "place": booking.bookable.place,
            "from": booking.starts_at.isoformat(),
            "until": booking.ends_at.isoformat(),
            "for_union": booking.union.name if booking.union else None,
            "state": booking.state,
            "reason": booking.reason,
            "booked_at": booking.made_at.isoformat(),
            "told": told_of(booking),
        }
        for booking in rows.order_by("made_at")
    ]


def bookings_erase(account_id: uuid.UUID | None) -> None:
    """Give back what she booked for herself and is still ahead, and forget whose the rest was.

    What she booked for a union stays the union's; her name and telephone go from it.
    """
    if account_id is None:
        return
    running = Booking.objects.running().filter(account_id=account_id, union=None)
    for booking_id in list(running.values_list("pk", flat=True)):
        with atomic():
            booking = booking_opened(booking_id)
            if booking.is_running:
                booking_step(booking, BookingVerb.CANCELLED, actor_id=account_id)
    with atomic():
        rows = Booking.objects.filter(account_id=account_id)
        rows.update(account=None, details=Value(None), reason="")
        BookingEntry.objects.filter(actor_id=account_id).update(actor=None)


def told_of(booking: Booking) -> dict[str, str]:
    """Return what was told for a booking, for whoever may read it: the caller has asked."""
    text = vault.reveal(booking, "details")
    return json.loads(text) if text else {}
