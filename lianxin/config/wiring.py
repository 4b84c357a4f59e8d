"""The one file that joins neighbours: a published event to a door, one line each.

It also gives `audit`, which lies below `jobs`, its place among the jobs.
"""

from __future__ import annotations

from lianxin.audit import api as audit
from lianxin.jobs import api as jobs


@jobs.job("audit.write_checkpoint", queue="long")
def write_checkpoint_job() -> None:
    audit.checkpoint_write()


jobs.every("audit.write_checkpoint", seconds=3600)
