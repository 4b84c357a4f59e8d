"""Booking a thing: hold it while the form is open, ask for it, give it back; each is sent as often as one likes."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError
from django.utils.translation import gettext as _

from lianxin.accounts.api import User
from lianxin.allocation import policies
from lianxin.allocation.models import Bookable, Booking
from lianxin.allocation.rules.bookings import (
    Answer,
    BookingError,
    BookingFault,
    BookingState,
    BookingVerb,
    Had,
    Wanted,
    booking_judged,
)
from lianxin.allocation.rules.grid import Run, times_of
from lianxin.allocation.selectors.bookings import (
    guest_hindrance,
    had_of,
    has_at_once,
    is_owned_outside,
)
from lianxin.allocation.services.booking_clock import answer_await
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
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor, Organisation


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What somebody wants of a thing. `key` is the form's; `union_id`: whom an officer books for."""

    bookable_id: uuid.UUID
    first: int
    last: int
    key: str
    size: int = 1
    union_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """The booking she has, whether this wish made it, or why there is none and how much she may have."""

    booking: Booking | None = None
    is_new: bool = False
    fault: BookingFault | None = None
    left: int | None = None


def booking_hold(*, actor: Actor, wish: Wish) -> Held:
    """Hold cells while the form is filled in; the same key again comes to the same booking.

    What she holds of this kind already is let go: she changed her mind. All or nothing.

    Raises:
        ForbiddenError: not signed in, or the officer books nothing for this union.
        RefusedError: this is not for her, and why.
    """
    account_id = actor.account_id
    if account_id is None:
        raise ForbiddenError(_("Please sign in first."))
    bookable = Bookable.objects.select_related("organisation").get(pk=wish.bookable_id)
    union = _checked_union(actor, bookable, wish.union_id, account_id)
    if union is None:
        _others_let_go(bookable, account_id, wish.key)
    try:
        with atomic():
            if wish.union_id is None:
                # Whoever books on two phones at once is one person: what she had is counted once.
                # Her key stays free, so that what refers to her need not wait behind this.
                User.objects.select_for_update(no_key=True).get(pk=account_id)
            return _held(bookables_lock(bookable.pk)[bookable.pk], union, wish, account_id)
    except BookingError as error:
        return Held(fault=error.fault, left=error.left)
    except IntegrityError:  # somebody was faster past every lock: the grid has the last word
        return Held(fault=BookingFault.FULL)


def booking_ask(*, actor: Actor, booking_id: uuid.UUID, details: Mapping[str, str]) -> Booking:
    """Ask for what one holds, with what the form asked; it is confirmed at once where nobody decides.

    Again changes nothing. A form that comes late still counts while nobody else took the cells.

    Raises:
        ForbiddenError: somebody else's.
        StaleError: it was let go meanwhile.
        RefusedError: a service decides it, so it is applied for there.
    """
    with atomic():
        booking = _own(actor, booking_id)
        if booking.state in {BookingState.ASKED, BookingState.CONFIRMED, BookingState.USED}:
            return booking
        _check_held(booking)
        bookable = booking.bookable
        if bookable.answer == Answer.SERVICE and booking.union_id is None:
            raise RefusedError(_("These nights are decided as a service: please apply for them."))
        booking.held_until = None
        booking.details = json.dumps(dict(details), ensure_ascii=False)
        if _is_certain(actor, booking):
            booking_step(booking, BookingVerb.CONFIRMED, actor_id=actor.account_id)
        else:
            booking_step(booking, BookingVerb.ASKED, actor_id=actor.account_id)
            answer_await(booking)
    return booking


def booking_carry(*, booking_id: uuid.UUID, account_id: uuid.UUID, case_id: uuid.UUID) -> Booking:
    """Let a dossier carry what somebody holds: it keeps its cells until the dossier is decided.

    Again changes nothing.

    Raises:
        StaleError: it was let go meanwhile.
    """
    with atomic():
        booking = _own(Actor(account_id=account_id), booking_id)
        if booking.case_id == case_id:
            return booking
        _check_held(booking)
        booking.held_until, booking.case_id = None, case_id
        booking_step(booking, BookingVerb.ASKED, actor_id=account_id)
    return booking


def booking_keep_on(*, actor: Actor, booking_id: uuid.UUID, minutes: int) -> bool:
    """Hold on a little longer while she is filling in, at most three times as long as at first."""
    with atomic():
        booking = _own(actor, booking_id)
        if booking.standing is not BookingState.HELD or booking.held_until is None:
            return False
        latest = booking.made_at + dt.timedelta(minutes=3 * booking.bookable.hold_minutes)
        booking.held_until = min(clock.now() + dt.timedelta(minutes=minutes), latest)
        booking.save(update_fields=["held_until"])
        return booking.held_until > clock.now()


def booking_cancel(*, actor: Actor, booking_id: uuid.UUID) -> Booking:
    """Give a booking back: all of it before it begins, afterwards what is left of it.

    One that is over stays as it is.

    Raises:
        ForbiddenError: somebody else's.
    """
    with atomic():
        booking = _own(actor, booking_id)
        if not booking.is_running:
            return booking
        if booking.state == BookingState.CONFIRMED and booking.starts_at <= clock.now():
            return booking_cut(booking, actor_id=actor.account_id)
        booking_step(booking, BookingVerb.CANCELLED, actor_id=actor.account_id)
    return booking


def booking_cut(booking: Booking, *, actor_id: uuid.UUID | None, words: str = "") -> Booking:
    """End an opened booking with the cell that runs: the rest is free again. Inside `atomic`."""
    bookable, now = booking.bookable, clock.now()
    given = {"begins": bookable.begins, "ends": bookable.ends}
    begun = [one for one in booking.run if times_of(bookable.cut, Run(one, one), **given)[0] <= now]
    before = {"first": booking.first, "last": booking.last}
    booking.last = max(begun, default=booking.first)
    _, booking.ends_at = times_of(bookable.cut, booking.run, **given)
    booking.cells.filter(cell__gt=booking.last).delete()
    booking_step(booking, BookingVerb.CUT, actor_id=actor_id, words=words, before=before)
    return booking


def _held(
    bookable: Bookable, union: Organisation | None, wish: Wish, account_id: uuid.UUID
) -> Held:
    known = Booking.objects.filter(bookable=bookable, account_id=account_id, key=wish.key).first()
    if known is not None:
        return Held(known)
    stale_lapse(bookable)
    run = Run(wish.first, wish.last)
    if union is None:
        _let_go(bookable, account_id)
    had = had_of(bookable, account_id) if union is None else Had()
    booking_judged(bookable.terms, bookable.hours, Wanted(run, wish.size), clock.now(), had)
    booking = Booking(bookable=bookable, account_id=account_id, union=union, key=wish.key)
    cells_take(bookable, booking, run, wish.size)
    if union is None and has_at_once(bookable, account_id, (booking.starts_at, booking.ends_at)):
        raise BookingError(BookingFault.TWICE)
    booking.held_until = clock.now() + dt.timedelta(minutes=bookable.hold_minutes)
    booking_step(booking, BookingVerb.HELD, actor_id=account_id)
    cells_write(booking)
    return Held(booking, is_new=True)


def _let_go(bookable: Bookable, account_id: uuid.UUID) -> None:
    """Let go what she holds of this thing: a form is open for one run at a time."""
    rows = Booking.objects.filter(
        bookable=bookable, account_id=account_id, union=None, state=BookingState.HELD
    )
    for booking in rows.select_for_update(of=("self",)):
        booking.bookable = bookable
        booking_step(booking, BookingVerb.LAPSED, actor_id=account_id)


def _others_let_go(bookable: Bookable, account_id: uuid.UUID, key: str) -> None:
    """Let go what she holds of other things counted with this one: she looked elsewhere first.

    A form that comes again looks nowhere: what she holds by then is newer than it.
    """
    sent = Booking.objects.filter(bookable=bookable, account_id=account_id, key=key)
    if not bookable.series or sent.exists():
        return
    rows = Booking.objects.filter(
        account_id=account_id,
        union=None,
        state=BookingState.HELD,
        bookable__series=bookable.series,
    ).exclude(bookable=bookable)
    for booking_id in list(rows.values_list("pk", flat=True)):
        with atomic():
            booking = booking_opened(booking_id)
            if booking.state == BookingState.HELD:
                booking_step(booking, BookingVerb.LAPSED, actor_id=account_id)


def _checked_union(
    actor: Actor, bookable: Bookable, union_id: uuid.UUID | None, account_id: uuid.UUID
) -> Organisation | None:
    if union_id is None:
        if hindrance := guest_hindrance(bookable, account_id):
            raise RefusedError(hindrance.words)
        return None
    union: Organisation | None = Organisation.objects.filter(pk=union_id).first()
    if union is None or not policies.may_book_for(actor, bookable, union):
        raise ForbiddenError(_("You do not book this for this union."))
    return union


def _own(actor: Actor, booking_id: uuid.UUID) -> Booking:
    """Lock a booking its asker, or her union, may change."""
    try:
        booking = booking_opened(booking_id)
    except Booking.DoesNotExist:
        raise ForbiddenError(_("There is no such booking of yours.")) from None
    if not policies.may_change_booking(actor, booking):
        raise ForbiddenError(_("There is no such booking of yours."))
    return booking


def _check_held(booking: Booking) -> None:
    if booking.standing is not BookingState.HELD:
        raise StaleError(
            _("What you held was let go meanwhile. Please choose again; it takes a moment.")
        )
    if booking.bookable.off_at is not None or booking.starts_at <= clock.now():
        raise StaleError(_("This cannot be booked any more. Please choose another time."))


def _is_certain(actor: Actor, booking: Booking) -> bool:
    """Nobody else has to say yes: it is given at once, or she arranges it herself."""
    if booking.bookable.answer == Answer.AT_ONCE:
        return True
    is_outside = is_owned_outside(booking.bookable)
    return not is_outside and policies.may_arrange(actor, booking.bookable)
