"""Looks at everybody anew; lets versions begin on their day; counts whom a draft would fit."""

from __future__ import annotations

import datetime as dt
import uuid

from lianxin.eligibility import services
from lianxin.eligibility.services import matching
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.transactions import atomic


@jobs.job(services.RECOMPUTE_ALL, queue="long")
def recompute_all_job(after: str, run: str = "") -> None:
    """Let one pass find everything, or take a batch and put the rest back: a kill costs one batch."""
    if not after and matching.is_possible():
        matching.match_everybody()
        return
    run = run or clock.now().isoformat()
    rest = services.batch_recompute(after=after)
    if rest is not None:
        with atomic():
            jobs.enqueue(services.RECOMPUTE_ALL, payload={"after": rest, "run": run}, key=f"recompute:{run}:{rest}")  # fmt: skip


@jobs.job(services.RECOMPUTE_IMPORTED, queue="long")
def recompute_imported_job(path: str, since: str, after: str) -> None:
    """Look anew at those whose entries a roll corrected, a batch at a time: a kill costs one batch."""
    rest = services.imported_recompute(path=path, since=dt.datetime.fromisoformat(since), after=after)  # fmt: skip
    if rest is not None:
        with atomic():
            jobs.enqueue(services.RECOMPUTE_IMPORTED, payload={"path": path, "since": since, "after": rest}, key=f"recompute:{path}:{since}:{rest}")  # fmt: skip


@jobs.job("eligibility.recompute_nightly")
def recompute_nightly_job() -> None:
    with atomic():
        jobs.enqueue(services.RECOMPUTE_ALL, payload={"after": ""}, key=f"recompute:{clock.today().isoformat()}")  # fmt: skip


jobs.every("eligibility.recompute_nightly", daily_at=dt.time(1, 30))


@jobs.job("eligibility.reap_workspaces", in_transaction=False)
def reap_workspaces_job() -> None:
    matching.workspaces_reap()


jobs.every("eligibility.reap_workspaces", seconds=3600)


@jobs.job(services.VERSIONS_TURN)
def versions_turn_job() -> None:
    services.versions_turn()


jobs.every(services.VERSIONS_TURN, daily_at=dt.time(0, 10))


@jobs.job(services.EFFECT_COUNT, queue="long")
def effect_count_job(run: str) -> None:
    services.effect_step(run_id=uuid.UUID(run))


@jobs.job("eligibility.objections_remind")
def objections_remind_job() -> None:
    services.objections_remind()


jobs.every("eligibility.objections_remind", daily_at=dt.time(8, 30))
