"""The repair clock, and the forgetting of what nobody needs any more."""

from __future__ import annotations

import uuid

from lianxin.jobs import api as jobs
from lianxin.stations.services.answering import trouble_escalate
from lianxin.stations.services.importing import JOB, import_run
from lianxin.stations.services.reporting import CLOCK


@jobs.job(CLOCK)
def watch_clock_job(trouble_id: str, level: int) -> None:
    trouble_escalate(trouble_id=uuid.UUID(trouble_id), level=level)


@jobs.job(JOB, queue="long")
def run_import_job(run_id: str) -> None:
    import_run(run_id=uuid.UUID(run_id))
