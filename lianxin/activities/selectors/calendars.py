"""A person's own calendar: what she signed up for, by the address only she knows."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable, Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.activities.constants import POOL_KIND
from lianxin.activities.models import CalendarLink, Session
from lianxin.activities.rules.ics import Entry, Sheet
from lianxin.activities.selectors.feeds import AHEAD, MOST, PAST, entry_of, sheet_named
from lianxin.allocation.api import LIVE, Booking, BookingState, Claim, State, bookings_mine
from lianxin.kit import clock


def digest_of(token: str) -> str:
    """Say by what a token is known."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(account_id: uuid.UUID) -> CalendarLink | None:
    """Return the living address of a person, if she made one. One query."""
    return CalendarLink.objects.filter(account_id=account_id).exclude(key="").first()


def account_of_token(token: str) -> uuid.UUID | None:
    """Say whose calendar an address asks for; None where there is none. One query."""
    rows = CalendarLink.objects.filter(digest=digest_of(token), account__is_active=True)
    return rows.exclude(key="").values_list("account_id", flat=True).first()


def own_sheet(account_id: uuid.UUID, *, base: str) -> Sheet:
    """Write what a person signed up for, booked and drew places for. Three queries.

    It goes to the maker of her phone: nobody's name stands in it, and what is not an activity
    (a check-up, a room, a class) is an hour that is taken, without what it is.
    """
    entries = [*_claimed(account_id, base), *_booked(account_id, base)]
    entries.sort(key=lambda one: (one.starts_at, one.uid))
    return sheet_named(_("My activities"), entries[:MOST])


def _claimed(account_id: uuid.UUID, base: str) -> Iterator[Entry]:
    now = clock.now()
    claims = Claim.objects.filter(
        Q(state__in=LIVE) | Q(state=State.DROPPED),
        account_id=account_id,
        pool__starts_at__gte=now - PAST,
        pool__starts_at__lte=now + AHEAD,
    )
    listed = list(claims.select_related("pool").order_by("-pool__starts_at", "pk")[:MOST])
    sessions = _sessions(one for one in listed if one.pool.kind == POOL_KIND)
    # Whoever was turned away and came again has two; the one that lives is told.
    by_pool = {one.pool_id: one for one in sorted(listed, key=lambda one: one.lives)}
    for claim in by_pool.values():
        session = sessions.get(claim.pool_id)
        link = base + reverse("allocation:claim", args=[claim.pk])
        if session is not None:
            if claim.lives or session.is_off:
                yield _of_session(session, claim, base, link)
        elif claim.lives:
            yield _hour(claim, link)


def _sessions(claims: Iterable[Claim]) -> dict[uuid.UUID, Session]:
    rows = Session.objects.filter(pool__in=[one.pool_id for one in claims])
    found = rows.select_related("activity", "organisation")
    return {one.pool_id: one for one in found if one.pool_id is not None}


def _of_session(session: Session, claim: Claim, base: str, link: str) -> Entry:
    entry = dataclasses.replace(entry_of(session, base=base), link=link)
    if entry.is_off or claim.state == State.CONFIRMED:
        return entry
    return dataclasses.replace(entry, is_tentative=True, title=_unsure(entry.title), remind_hours=0)


def _hour(claim: Claim, link: str) -> Entry:
    starts_at = claim.pool.starts_at or claim.made_at
    is_sure = claim.state == State.CONFIRMED
    title = _("An appointment of mine")
    return Entry(
        uid=f"{claim.pk}@lianxin",
        title=title if is_sure else _unsure(title),
        starts_at=starts_at,
        ends_at=claim.pool.ends_at or starts_at + dt.timedelta(hours=1),
        changed_at=claim.settled_at,
        is_tentative=not is_sure,
        link=link,
        remind_hours=3 if is_sure else 0,
    )


def _booked(account_id: uuid.UUID, base: str) -> Iterator[Entry]:
    for booking in bookings_mine(account_id):
        if booking.state != BookingState.HELD:
            yield _of_booking(booking, base)


def _of_booking(booking: Booking, base: str) -> Entry:
    is_sure = booking.state == BookingState.CONFIRMED
    title = _("An appointment of mine")
    return Entry(
        uid=f"{booking.pk}@lianxin",
        title=title if is_sure else _unsure(title),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        changed_at=booking.settled_at,
        is_tentative=not is_sure,
        link=base + reverse("allocation:booking", args=[booking.pk]),
        remind_hours=3 if is_sure else 0,
    )


def _unsure(title: str) -> str:
    return _("Not sure yet: %(what)s") % {"what": title}
