"""What allocation does by itself: tell people, let go what lapsed, move draws on."""

from __future__ import annotations

import datetime as dt
import uuid

from lianxin.allocation import services
from lianxin.allocation.services.drawing_results import draw_run, draws_resume, values_fetch
from lianxin.allocation.services.drawing_ruling import rules_remind
from lianxin.allocation.services.drawing_steps import draws_step
from lianxin.allocation.services.drawing_telling import draw_tell, parties_remind
from lianxin.allocation.services.telling import TELL_MOVES
from lianxin.jobs.api import every, job


@job(TELL_MOVES, queue="quick")
def tell_moves_job(pool_id: str, from_seq: int, to_seq: int) -> None:
    services.moves_tell(pool_id=uuid.UUID(pool_id), from_seq=from_seq, to_seq=to_seq)


@job(services.DROP_CLAIMS, queue="quick")
def drop_claims_job(pool_id: str, actor_id: str) -> None:
    services.claims_drop(
        pool_id=uuid.UUID(pool_id), actor_id=uuid.UUID(actor_id) if actor_id else None
    )


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


@job("allocation.step_draws", queue="quick", in_transaction=False)
def step_draws_job() -> None:
    draws_step()


@job("allocation.resume_draws", queue="long")
def resume_draws_job() -> None:
    values_fetch()
    draws_resume()


@job("allocation.run_draw", queue="long")
def run_draw_job(draw_id: str) -> None:
    draw_run(draw_id=uuid.UUID(draw_id))


@job("allocation.tell_draw", queue="quick")
def tell_draw_job(draw_id: str, what: str, after: str) -> None:
    draw_tell(draw_id=uuid.UUID(draw_id), what=what, after=after)


@job("allocation.remind_parties", queue="quick")
def remind_parties_job(draw_id: str, stage: str) -> None:
    parties_remind(draw_id=uuid.UUID(draw_id), stage=stage)


@job("allocation.remind_rules", queue="quick", in_transaction=False)
def remind_rules_job() -> None:
    rules_remind()


@job("allocation.purge_past", queue="long")
def purge_past_job() -> None:
    services.past_purge()


every("allocation.lapse_offers", seconds=15)
every("allocation.purge_past", daily_at=dt.time(3, 35))
every("allocation.tend_bookings", seconds=60)
every("allocation.step_draws", seconds=15)
every("allocation.resume_draws", seconds=60)
every("allocation.remind_rules", seconds=600)
