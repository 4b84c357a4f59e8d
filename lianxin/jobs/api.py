"""The door of background work: tell an event, put a job into the queue, ask how it goes."""

from __future__ import annotations

from lianxin.jobs.selectors import (
    QueueCount,
    dead_deliveries,
    dead_jobs,
    heartbeat_age,
    queue_count,
)
from lianxin.jobs.services import (
    cancel,
    dead_retry,
    each_alone,
    enqueue,
    every,
    job,
    publish,
    run_due,
)

__all__ = [
    "QueueCount", "cancel", "dead_deliveries", "dead_jobs", "dead_retry", "each_alone", "enqueue", "every",
    "heartbeat_age", "job", "publish", "queue_count", "run_due",
]  # fmt: skip
