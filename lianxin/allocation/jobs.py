"""What allocation does by itself: tell people where claims and bookings went, let go what lapsed."""

from __future__ import annotations

import datetime as dt
import uuid

from lianxin.allocation import services
from lianxin.jobs.api import every, job


@job("allocation.tell_moves", queue="quick")
def tell_moves_job(pool_id: str, from_seq: int, to_seq: int) -> None:
    services.moves_tell(pool_id=uuid.UUID(pool_id), from_seq=from_seq, to_seq=to_seq)


@job("allocation.lapse_offers", queue="quick", in_transaction=False)
def lapse_offers_job() -> None:
    for pool_id in services.pools_with_past_offers():
        while services.offers_lapse(pool_id):
            pass


@job("allocation.tell_booking", queue="quick")
def tell_booking_job(booking_id: str, seq: int) -> None:
    services.booking_tell(booking_id=uuid.UUID(booking_id), seq=seq)


@job("allocation.booking_late", queue="quick")
def late_booking_job(booking_id: str, level: int) -> None:
    services.booking_late(booking_id=uuid.UUID(booking_id), level=level)


@job("allocation.tend_bookings", queue="quick", in_transaction=False)
def tend_bookings_job() -> None:
    while services.bookings_lapse():
        pass
    while services.bookings_end():
        pass


@job("allocation.purge_past", queue="long")
def purge_past_job() -> None:
    services.past_purge()


every("allocation.lapse_offers", seconds=15)
every("allocation.purge_past", daily_at=dt.time(3, 35))
every("allocation.tend_bookings", seconds=60)
