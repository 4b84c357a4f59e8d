"""The steps of a booking, each one entry in its story; and its seats on the grid.

Whoever changes bookings of a thing locks the thing's row first, then the bookings: writers wait for
each other and never in a circle. That two bookings never share a cell does not hang on the lock:
the database refuses the second row (`allocation_never_twice`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from lianxin.allocation.events import BookingMoved
from lianxin.allocation.models import Bookable, BookedCell, Booking, BookingEntry
from lianxin.allocation.rules.bookings import (
    TAKING,
    BookingError,
    BookingFault,
    BookingVerb,
    booking_moved,
)
from lianxin.allocation.rules.grid import Run, Seated, seated, times_of, units_for
from lianxin.allocation.selectors.bookings import REACH, taken_units
from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError

# Of these somebody has to hear.
TOLD = frozenset(BookingVerb) - {BookingVerb.HELD, BookingVerb.ENDED}


def bookables_lock(*bookable_ids: uuid.UUID) -> dict[uuid.UUID, Bookable]:
    """Lock things for writing, in the order of their ids."""
    rows = Bookable.objects.select_for_update(of=("self",)).select_related("organisation")
    return {row.pk: row for row in rows.filter(pk__in=bookable_ids).order_by("pk")}


def booking_opened(booking_id: uuid.UUID) -> Booking:
    """Lock a booking with its thing.

    Raises:
        Booking.DoesNotExist: there is none.
    """
    while True:
        bookable_id = Booking.objects.values_list("bookable_id", flat=True).get(pk=booking_id)
        bookable = bookables_lock(bookable_id)[bookable_id]
        booking = Booking.objects.select_for_update(of=("self",)).get(pk=booking_id)
        if booking.bookable_id == bookable_id:  # else it was moved a moment ago
            booking.bookable = bookable
            return booking


def bookings_lock(*booking_ids: uuid.UUID) -> list[Booking]:
    """Lock bookings with their things, for who refers to them: nothing becomes of them meanwhile."""
    rows = Booking.objects.filter(pk__in=booking_ids)
    bookables_lock(*rows.values_list("bookable_id", flat=True))
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def booking_step(
    booking: Booking,
    verb: BookingVerb,
    *,
    actor_id: uuid.UUID | None,
    words: str = "",
    before: dict[str, Any] | None = None,
) -> None:
    """Let a booking take a step: state, cells, story, trace, event, word to people.

    Raises:
        BookingMoveError: it does not stand where the step begins.
    """
    state = booking_moved(booking.standing if booking.state else None, verb)
    booking.state, booking.seq, booking.settled_at = state, booking.seq + 1, clock.now()
    if state not in TAKING:
        booking.cells.all().delete()
    booking.save()
    BookingEntry.objects.create(
        booking=booking,
        seq=booking.seq,
        verb=verb,
        state=state,
        at=booking.settled_at,
        actor_id=actor_id,
        words=words,
        before=before or {},
    )
    audit.record(
        actor_id=actor_id,
        action=f"allocation.booking_{verb}",
        kind="allocation.Booking",
        object_id=booking.pk,
        subject_id=booking.account_id,
        detail={"thing": str(booking.bookable_id)},
    )
    if verb in TOLD:
        told = {"booking_id": str(booking.pk), "seq": booking.seq}
        jobs.enqueue("allocation.tell_booking", payload=told)
    bookable = booking.bookable
    jobs.publish(
        BookingMoved(
            booking_id=booking.pk, bookable_id=bookable.pk, kind=bookable.kind,
            object_id=bookable.object_id, verb=verb, state=state, seq=booking.seq,
            case_id=booking.case_id,
        )
    )  # fmt: skip


def stale_lapse(bookable: Bookable) -> None:
    """Let the holds of a locked thing go whose time is over."""
    for booking in Booking.objects.stale().filter(bookable=bookable).select_for_update():
        booking.bookable = bookable
        booking_step(booking, BookingVerb.LAPSED, actor_id=None)


def cells_take(bookable: Bookable, booking: Booking, run: Run, size: int) -> None:
    """Give a booking `size` units of a locked thing for a run, all or nothing.

    The tightest gap first. Where no unit is free all through though each cell has one, those that
    have not begun are seated anew: nobody is refused who fits.

    Raises:
        BookingError: full.
    """
    grain = bookable.cut
    bounds = bookable.hours.stretch(grain, run, REACH[grain])
    taken = taken_units(bookable, bounds)
    units = units_for(bookable.units, size, run, taken, bounds)
    booking.first, booking.last, booking.size = run.first, run.last, size
    booking.starts_at, booking.ends_at = times_of(
        grain, run, begins=bookable.begins, ends=bookable.ends
    )
    if units is None:
        units = _seated_anew(bookable, booking, run, size, taken)
    booking.units = list(units)
    booking.bookable = bookable


def cells_write(booking: Booking) -> None:
    """Write the cells of a saved booking down."""
    BookedCell.objects.bulk_create(_cells(booking.bookable_id, [booking]))


def reseat(bookable: Bookable) -> None:
    """Seat all bookings ahead of a locked thing within its units.

    Raises:
        RefusedError: they do not fit, since who is there cannot be sent away.
    """
    ahead = list(Booking.objects.ahead().filter(bookable=bookable))
    seats = seated(bookable.units, map(_seated_of, ahead))
    if seats is None:
        raise RefusedError(
            _("More of them are in use today. Please wait until people have left."), field="units"
        )
    _rows_seat(bookable, ahead, seats)


def _seated_anew(
    bookable: Bookable, booking: Booking, run: Run, size: int, taken: dict[int, set[int]]
) -> tuple[int, ...]:
    load = {cell: sum(cell in held for held in taken.values()) for cell in run}
    if any(load[cell] + size > bookable.units for cell in run):
        raise BookingError(BookingFault.FULL)
    others = list(Booking.objects.ahead().filter(bookable=bookable).exclude(pk=booking.pk))
    wanted = Seated(str(booking.pk), run, size)
    seats = seated(bookable.units, [*map(_seated_of, others), wanted])
    if seats is None:
        raise BookingError(BookingFault.FULL)
    _rows_seat(bookable, others, seats)
    return seats[str(booking.pk)]


def _rows_seat(
    bookable: Bookable, bookings: Iterable[Booking], seats: dict[str, tuple[int, ...]]
) -> None:
    changed = [one for one in bookings if seats.get(str(one.pk), tuple(one.units)) != tuple(one.units)]  # fmt: skip
    if not changed:
        return
    # What is over keeps its cells, and nobody is written into one of them afterwards.
    over = Booking.objects.taking().filter(bookable=bookable, ends_at__lte=clock.now())
    since = (over.aggregate(last=Max("last"))["last"] or 0) + 1
    BookedCell.objects.filter(booking__in=[one.pk for one in changed], cell__gte=since).delete()
    for booking in changed:
        booking.units = list(seats[str(booking.pk)])
    Booking.objects.bulk_update(changed, ["units"])
    BookedCell.objects.bulk_create(_cells(bookable.pk, changed, since))


def _cells(bookable_id: uuid.UUID, bookings: Iterable[Booking], since: int = 0) -> list[BookedCell]:
    return [
        BookedCell(bookable_id=bookable_id, unit=unit, cell=cell, booking=booking)
        for booking in bookings
        for unit in booking.units
        for cell in booking.run
        if cell >= since
    ]


def _seated_of(booking: Booking) -> Seated:
    return Seated(
        str(booking.pk),
        booking.run,
        booking.size,
        tuple(booking.units),
        booking.starts_at <= clock.now(),
    )
