"""The background work of accounts."""

from __future__ import annotations

import datetime as dt

from lianxin.accounts import services
from lianxin.jobs.api import every, job


@job("accounts.purge_old", queue="long")
def purge_old_job() -> None:
    services.old_purge()


every("accounts.purge_old", daily_at=dt.time(3, 20))
