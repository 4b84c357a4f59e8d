"""What time does to bookings: holds lapse, answers fall due and go further up, stays end."""

from __future__ import annotations

import datetime as dt
import uuid

from lianxin.allocation.models import Booking
from lianxin.allocation.rules.bookings import BookingState, BookingVerb
from lianxin.allocation.services.booking_steps import booking_opened, booking_step
from lianxin.allocation.services.booking_telling import deciders_tell
from lianxin.jobs import api as jobs
from lianxin.kit import clock, workdays
from lianxin.kit.transactions import atomic

AT_ONCE = 200
MOST_LEVELS = 12


def answer_await(booking: Booking) -> None:
    """Promise an answer in working days, and set the clock. Inside `atomic`."""
    booking.due_at = workdays.due_at(clock.now(), booking.bookable.answer_days)
    booking.level = 0
    booking.save(update_fields=["due_at", "level"])
    _clock_set(booking, booking.due_at)


def booking_late(*, booking_id: uuid.UUID, level: int) -> None:
    """Remind who has not answered, then hand it further up each working day; again does nothing twice."""
    with atomic():
        booking = booking_opened(booking_id)
        if booking.standing is not BookingState.ASKED or booking.level != level:
            return
        if booking.due_at is None or clock.now() < booking.due_at:
            return
        booking.level = level + 1
        booking.save(update_fields=["level"])
        deciders_tell(booking, level=level, is_late=True)
        if booking.level < MOST_LEVELS:
            _clock_set(booking, workdays.due_at(clock.now(), 1))


def bookings_lapse() -> int:
    """Let go the holds whose time is over, and what nobody answered before it began; return how many."""
    now = clock.now()
    unanswered = Booking.objects.filter(state=BookingState.ASKED, starts_at__lte=now)
    ids = [
        *Booking.objects.stale().order_by("held_until").values_list("pk", flat=True)[:AT_ONCE],
        *unanswered.order_by("starts_at").values_list("pk", flat=True)[:AT_ONCE],
    ]
    return sum(_lapsed(booking_id) for booking_id in ids)


def bookings_end() -> int:
    """End what is over; return how many."""
    rows = Booking.objects.filter(state=BookingState.CONFIRMED, ends_at__lte=clock.now())
    ids = list(rows.order_by("ends_at").values_list("pk", flat=True)[:AT_ONCE])
    ended = 0
    for booking_id in ids:
        with atomic():
            booking = booking_opened(booking_id)
            if booking.standing is BookingState.CONFIRMED and booking.ends_at <= clock.now():
                booking_step(booking, BookingVerb.ENDED, actor_id=None)
                ended += 1
    return ended


def _lapsed(booking_id: uuid.UUID) -> bool:
    with atomic():
        booking = booking_opened(booking_id)
        is_stale = (
            booking.standing is BookingState.HELD
            and booking.held_until is not None
            and booking.held_until <= clock.now()
        )
        is_unanswered = booking.standing is BookingState.ASKED and booking.starts_at <= clock.now()
        if is_stale or is_unanswered:
            booking_step(booking, BookingVerb.LAPSED, actor_id=None)
        return is_stale or is_unanswered


def _clock_set(booking: Booking, at: dt.datetime) -> None:
    jobs.enqueue(
        "allocation.booking_late",
        payload={"booking_id": str(booking.pk), "level": booking.level},
        run_at=at,
        key=f"booking-late:{booking.pk}:{booking.level}",
    )
