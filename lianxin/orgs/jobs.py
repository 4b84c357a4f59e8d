"""The background work of the union tree: terms that run out, proposals nobody answers."""

from __future__ import annotations

import datetime as dt

from lianxin.jobs.api import every, job
from lianxin.orgs import services


@job("orgs.watch_terms", queue="long")
def watch_terms_job() -> None:
    """Tell terms that end soon, end those that are over, let old proposals lapse."""
    services.terms_watch()
    services.proposals_lapse()


every("orgs.watch_terms", daily_at=dt.time(0, 10))
