"""What is booked for a route and falls or moves is told to whoever arranges it."""

from __future__ import annotations

from lianxin.activities import services
from lianxin.allocation.events import BookingMoved
from lianxin.kit.events import subscribe


def on_booking_moved(event: BookingMoved) -> None:
    services.booking_follow(
        booking_id=event.booking_id, verb=event.verb, state=event.state, seq=event.seq
    )


subscribe(BookingMoved, on_booking_moved)
