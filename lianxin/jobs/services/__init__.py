"""Writing to the outbox and the job table, and doing the work that is due."""

from __future__ import annotations

from lianxin.jobs.services.apart import each_alone
from lianxin.jobs.services.due import run_due
from lianxin.jobs.services.outbox import delivery_claim, delivery_run, publish
from lianxin.jobs.services.queue import cancel, enqueue, job_claim, job_run, leases_extend
from lianxin.jobs.services.registry import every, job
from lianxin.jobs.services.upkeep import (
    dead_retry,
    finished_purge,
    leases_reap,
    periodic_tick,
    pulse_beat,
    pulse_end,
)
from lianxin.jobs.services.worker import Worker

__all__ = [
    "Worker", "cancel", "dead_retry", "delivery_claim", "delivery_run", "each_alone", "enqueue", "every", "finished_purge",
    "job", "job_claim", "job_run", "leases_extend", "leases_reap", "periodic_tick", "publish",
    "pulse_beat", "pulse_end", "run_due",
]  # fmt: skip
