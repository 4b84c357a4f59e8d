"""The background work of the catalogue."""

from __future__ import annotations

import datetime as dt

from lianxin.catalogue import services
from lianxin.jobs.api import every, job


@job("catalogue.drafts_purge", queue="long")
def purge_drafts_job() -> None:
    services.drafts_purge()


every("catalogue.drafts_purge", daily_at=dt.time(3, 45))
