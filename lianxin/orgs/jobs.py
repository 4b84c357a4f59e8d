"""The background work of the union tree: terms, proposals, unions that move, counts proven."""

from __future__ import annotations

import datetime as dt
import uuid

from lianxin.jobs.api import every, job
from lianxin.orgs import services


@job("orgs.watch_terms", queue="long")
def watch_terms_job() -> None:
    """Tell terms that end soon, end those that are over, let old proposals and requests lapse."""
    services.terms_watch()
    services.proposals_lapse()
    services.resets_lapse()


@job("orgs.change_run", queue="long")
def run_change_job(change_id: str) -> None:
    """Carry a move, a merger or a closure on, wherever the last worker left it."""
    services.change_run(change_id=uuid.UUID(change_id))


@job("orgs.changes_resume", queue="long")
def resume_changes_job() -> None:
    """Go on with changes whose turn has come, or whose worker was killed once too often."""
    services.changes_resume()


@job("orgs.counts_check", queue="long")
def check_counts_job() -> None:
    """Prove the tree and its counts; put right what is not, and say so in the audit trail."""
    services.tree_check(repair=True)


every("orgs.watch_terms", daily_at=dt.time(0, 10))
every("orgs.changes_resume", seconds=300)
every("orgs.counts_check", daily_at=dt.time(4, 10))
