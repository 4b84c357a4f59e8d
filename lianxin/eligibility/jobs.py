"""Looks at everybody anew: after new policies, and each night, since days pass."""

from __future__ import annotations

import datetime as dt

from lianxin.eligibility import services
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.transactions import atomic


@jobs.job(services.RECOMPUTE_ALL, queue="long")
def recompute_all_job(after: str, run: str = "") -> None:
    """Take a batch and put the rest back into the queue: a kill costs one batch."""
    run = run or clock.now().isoformat()
    rest = services.batch_recompute(after=after)
    if rest is not None:
        with atomic():
            jobs.enqueue(services.RECOMPUTE_ALL, payload={"after": rest, "run": run}, key=f"recompute:{run}:{rest}")  # fmt: skip


@jobs.job("eligibility.recompute_nightly")
def recompute_nightly_job() -> None:
    with atomic():
        jobs.enqueue(services.RECOMPUTE_ALL, payload={"after": ""}, key=f"recompute:{clock.today().isoformat()}")  # fmt: skip


jobs.every("eligibility.recompute_nightly", daily_at=dt.time(1, 30))
