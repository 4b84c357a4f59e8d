"""Answering bookings: yes, no with a reason, to another place, called off; by whoever it is up to."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.utils.translation import gettext as _

from lianxin.allocation import policies
from lianxin.allocation.models import Bookable, Booking
from lianxin.allocation.rules.bookings import BookingError, BookingState, BookingVerb
from lianxin.allocation.rules.grid import Run, times_of
from lianxin.allocation.services.booking import booking_cut
from lianxin.allocation.services.booking_steps import (
    bookables_lock,
    booking_opened,
    booking_step,
    cells_take,
    cells_write,
    stale_lapse,
)
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor

LONGEST = 300


def booking_confirm(*, actor: Actor, booking_id: uuid.UUID) -> Booking:
    """Say yes. Again changes nothing.

    Raises:
        ForbiddenError: it is not up to the actor.
        StaleError: it is over, or was given back.
    """
    with atomic():
        booking = _answered(actor, booking_id)
        if booking.state in {BookingState.CONFIRMED, BookingState.USED}:
            return booking
        _check_asked(booking)
        booking_step(booking, BookingVerb.CONFIRMED, actor_id=actor.account_id)
    return booking


def booking_refuse(*, actor: Actor, booking_id: uuid.UUID, reason: str) -> Booking:
    """Say no, with a reason she reads. Again changes nothing.

    Raises:
        ForbiddenError: it is not up to the actor.
        RefusedError: no reason.
        StaleError: it is over, or was answered otherwise.
    """
    reason = _reason(reason)
    with atomic():
        booking = _answered(actor, booking_id)
        if booking.standing is BookingState.REFUSED:
            return booking
        _check_asked(booking)
        booking.reason = reason
        booking_step(booking, BookingVerb.REFUSED, actor_id=actor.account_id, words=reason)
    return booking


def booking_drop(*, actor: Actor, booking_id: uuid.UUID, reason: str) -> Booking:
    """Take a booking back that was given, with a reason she reads; what is used of it stays hers.

    Raises:
        ForbiddenError: it is not up to the actor.
        RefusedError: no reason.
    """
    reason = _reason(reason)
    with atomic():
        booking = _answered(actor, booking_id, policies.may_drop)
        if not booking.is_running:
            return booking
        dropped(booking, actor_id=actor.account_id, reason=reason)
    return booking


def booking_move(
    *, actor: Actor, booking_id: uuid.UUID, bookable_id: uuid.UUID, first: int, reason: str
) -> Booking:
    """Move a booking to another thing or time of the same length, with word to her.

    Raises:
        ForbiddenError: it is not up to the actor, here or there.
        RefusedError: no reason, another kind of thing, or no room there.
        StaleError: it is over, or began.
    """
    reason = _reason(reason)
    with atomic():
        found = Booking.objects.filter(pk=booking_id).values_list("bookable_id", flat=True).first()
        if found is None:
            raise ForbiddenError(_("It is not up to you to answer this booking."))
        locked = bookables_lock(found, bookable_id)
        booking = _answered(actor, booking_id, policies.may_drop)
        target = locked.get(bookable_id)
        if target is None or not policies.may_arrange(actor, target):
            raise ForbiddenError(_("You do not arrange bookings there."))
        if booking.standing not in {BookingState.ASKED, BookingState.CONFIRMED}:
            raise StaleError(_("This booking is over; there is nothing to move."))
        if booking.starts_at <= clock.now():
            raise StaleError(_("It has begun already and stays where it is."))
        length = booking.run.length
        moved(
            booking,
            target,
            Run(first, first + length - 1),
            actor_id=actor.account_id,
            reason=reason,
        )
    return booking


def dropped(booking: Booking, *, actor_id: uuid.UUID | None, reason: str) -> None:
    """Take an opened booking back. Inside `atomic`."""
    booking.reason = reason
    if booking.state == BookingState.CONFIRMED and booking.starts_at <= clock.now():
        booking_cut(booking, actor_id=actor_id, words=reason)
    else:
        booking_step(booking, BookingVerb.DROPPED, actor_id=actor_id, words=reason)


def moved(
    booking: Booking, target: Bookable, run: Run, *, actor_id: uuid.UUID | None, reason: str
) -> None:
    """Move an opened booking onto a locked thing. Inside `atomic`.

    Raises:
        RefusedError: it does not fit there.
    """
    source = booking.bookable
    if target.grain != source.grain:
        raise RefusedError(_("Nights cannot be moved to hours, nor the other way round."))
    begins_at, _end = times_of(target.cut, run, begins=target.begins, ends=target.ends)
    if begins_at <= clock.now():
        raise RefusedError(_("That is over already. Please choose a later time."), field="day")
    if target.off_at is not None or not target.hours.are_open(target.cut, run):
        raise RefusedError(_("%(what)s is not open then.") % {"what": target.title})
    before = {
        "thing": str(source.pk), "title": source.title, "first": booking.first, "last": booking.last,
    }  # fmt: skip
    stale_lapse(target)
    booking.cells.all().delete()
    try:
        cells_take(target, booking, run, booking.size)
    except BookingError:
        raise RefusedError(_("%(what)s has no room then.") % {"what": target.title}) from None
    booking_step(booking, BookingVerb.MOVED, actor_id=actor_id, words=reason, before=before)
    cells_write(booking)


def _answered(
    actor: Actor,
    booking_id: uuid.UUID,
    may: Callable[[Actor, Booking], bool] = policies.may_answer,
) -> Booking:
    """Lock a booking it is up to the actor to answer."""
    try:
        booking = booking_opened(booking_id)
    except Booking.DoesNotExist:
        raise ForbiddenError(_("It is not up to you to answer this booking.")) from None
    if not may(actor, booking):
        raise ForbiddenError(_("It is not up to you to answer this booking."))
    return booking


def _check_asked(booking: Booking) -> None:
    if booking.standing is not BookingState.ASKED:
        raise StaleError(_("This booking was settled meanwhile. Here is how it stands now."))


def _reason(typed: str) -> str:
    reason = clean(typed)[:LONGEST]
    if not reason:
        raise RefusedError(_("Please give a reason; the person reads it."), field="reason")
    return reason
