"""The background work of uploads."""

from __future__ import annotations

from lianxin.files import services
from lianxin.jobs.api import every, job


@job("files.purge_unclaimed", queue="long")
def purge_unclaimed_job() -> None:
    services.unclaimed_purge()


every("files.purge_unclaimed", seconds=3600)
