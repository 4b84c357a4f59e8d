"""What partners lent a union, to choose stops of a route from."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from lianxin.activities.models import Activity, Stop
from lianxin.allocation import api as allocation

MOST = 50


def lent_to(activity: Activity, stops: Sequence[Stop]) -> dict[uuid.UUID, allocation.Booking]:
    """Return what the union of an activity has for certain, the next first, and what its stops have. Two queries."""
    found = {one.pk: one for one in allocation.bookings_lent(activity.organisation_id)[:MOST]}
    had = {stop.booking_id for stop in stops if stop.booking_id} - set(found)
    if had:
        rows = allocation.Booking.objects.filter(pk__in=had)
        found |= {one.pk: one for one in rows.select_related("bookable")}
    return found
