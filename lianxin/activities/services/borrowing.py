"""Stops at places that partners lent the union: who lent them, and what happens when a booking falls."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.activities.models import Activity, Stop
from lianxin.activities.rules.states import State
from lianxin.activities.selectors.checking import lookers_for
from lianxin.allocation import api as allocation
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.transactions import atomic
from lianxin.notify.api import notify, words_for

# A booking in one of these is there for a stop.
STANDS = frozenset(
    {allocation.BookingState.ASKED, allocation.BookingState.CONFIRMED, allocation.BookingState.USED}
)
# What a booking that stands is told of.
_TOLD = frozenset({allocation.BookingVerb.MOVED, allocation.BookingVerb.CUT})


def lenders_of(activity: Activity, booking_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return who lent what: bookings the union has for certain, and those the route had already.

    Inside `atomic`, and locked: one that falls before the stops are written falls from none.

    Raises:
        RefusedError: one of them is not booked for the union.
    """
    if not booking_ids:
        return {}
    standing = {one.pk for one in allocation.bookings_lock(*booking_ids) if one.standing in STANDS}
    had = Stop.objects.filter(activity=activity, booking__in=standing)
    found = {stop.booking_id: stop.partner for stop in had if stop.booking_id}
    for booking in allocation.bookings_lent(activity.organisation_id).filter(pk__in=standing):
        found[booking.pk] = allocation.owner_name(booking)[:120]
    if set(booking_ids) - set(found):
        raise RefusedError(_("This is not booked for your union. Please choose again."))
    return found


def booking_follow(*, booking_id: uuid.UUID, verb: str, state: str, seq: int) -> None:
    """Tell the organiser of a route what became of a place that was lent for it; again tells nothing twice.

    Fallen, it stands on the page no more as the partner's; the stop itself stays until she decides.
    """
    has_fallen = state not in STANDS
    if not has_fallen and verb not in _TOLD:
        return
    with atomic():
        rows = Stop.objects.select_for_update(of=("self",)).filter(booking_id=booking_id)
        for stop in rows.select_related("activity__organisation").order_by("pk"):
            if has_fallen:
                stop.booking, stop.partner = None, ""
                stop.save(update_fields=["booking", "partner"])
            if _is_ahead(stop.activity):
                _organisers_told(stop, has_fallen=has_fallen, key=f"{booking_id}:{seq}")


def _is_ahead(activity: Activity) -> bool:
    if activity.standing is State.OFF:
        return False
    sessions = activity.sessions.all()
    return (
        not sessions.exists() or sessions.filter(Q(off_at=None), ends_at__gt=clock.now()).exists()
    )


def _organisers_told(stop: Stop, *, has_fallen: bool, key: str) -> None:
    activity = stop.activity
    known = {activity.made_by_id, activity.published_by_id} - {None}
    for account_id in sorted(known or lookers_for(activity), key=str):
        if account_id is None:
            continue
        with words_for(account_id):
            title = _("A place of your route fell: %(what)s") if has_fallen else _("A place of your route was moved: %(what)s")  # fmt: skip
            body = _("The stop “%(stop)s” of “%(route)s”. Please look at the stops; whoever signed up is told what you change.")  # fmt: skip
            notify(
                account_id=account_id,
                kind="activity.stop_moved",
                title=title % {"what": stop.title},
                body=body % {"stop": stop.title, "route": activity.title},
                url=reverse("activities:desk_stops", args=[activity.pk]),
                urgent=True,
                key=f"activity.stop:{stop.pk}:{key}",
            )
