"""The background work of the job table itself, and the tasks of the django-tasks API."""

from __future__ import annotations

import datetime as dt

from lianxin.jobs import services
from lianxin.jobs.services.registry import every, job


@job("jobs.purge_finished", queue="long")
def purge_finished_job() -> None:
    services.finished_purge()


every("jobs.purge_finished", daily_at=dt.time(3, 30))
