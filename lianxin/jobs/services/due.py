"""Everything that is due, done here and now: for tests, for the demo, for `work --once`."""

from __future__ import annotations

import datetime as dt

from lianxin.jobs.rules import Lane
from lianxin.jobs.services.outbox import delivery_claim, delivery_run
from lianxin.jobs.services.queue import job_claim, job_run
from lianxin.kit import clock
from lianxin.kit.ids import new_id


def run_due(now: dt.datetime | None = None, *, strict: bool = False) -> int:
    """Deliver waiting events and run due jobs, also those they bring forth; return how many ran.

    `now` looks ahead in time. `strict` raises the first failure instead of keeping it for later.
    """
    at = now or clock.now()
    worker = f"here-{new_id()}"
    count = 0
    while _one(at, worker, strict=strict):
        count += 1
        if now is None:
            at = clock.now()
    return count


def _one(now: dt.datetime, worker: str, *, strict: bool) -> bool:
    delivery = delivery_claim(now=now, fresh=True)
    if delivery is not None:
        delivery_run(delivery, now=now, strict=strict)
        return True
    for lane in Lane:
        row = job_claim(lane=lane, worker=worker, now=now)
        if row is not None:
            job_run(row, now=now, strict=strict)
            return True
    return False
