"""The background work of the catalogue."""

from __future__ import annotations

import datetime as dt
import uuid

from lianxin.catalogue import services
from lianxin.jobs.api import every, job


@job("catalogue.drafts_purge", queue="long")
def purge_drafts_job() -> None:
    services.drafts_purge()


@job("catalogue.join_draw", queue="quick", in_transaction=False)
def join_draw_job(dossier_id: str) -> None:
    services.case_join(dossier_id=uuid.UUID(dossier_id))


@job("catalogue.gather_draw", queue="long", in_transaction=False)
def gather_draw_job(pool_id: str, cause: str, after: str) -> None:
    services.round_gather(pool_id=uuid.UUID(pool_id), cause=cause, after=after)


@job("catalogue.follow_draw", queue="long", in_transaction=False)
def follow_draw_job(pool_id: str, from_seq: int, to_seq: int) -> None:
    services.round_follow(pool_id=uuid.UUID(pool_id), from_seq=from_seq, to_seq=to_seq)


every("catalogue.drafts_purge", daily_at=dt.time(3, 45))
