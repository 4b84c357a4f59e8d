"""The background work of members: reading rolls, writing lists."""

from __future__ import annotations

import datetime as dt
import uuid

from lianxin.jobs.api import every, job
from lianxin.members.models import ImportRun, MemberExport
from lianxin.members.services.closing import closings_carry_out
from lianxin.members.services.duplicates import duplicates_find
from lianxin.members.services.exporting import export_write
from lianxin.members.services.importing.desk import run_carried_out, run_checked, run_looked_at


@job("members.preview_import", queue="long")
def preview_import_job(run_id: str) -> None:
    """Look at a roll that was sent."""
    run_looked_at(_run(run_id))


@job("members.check_import", queue="long")
def check_import_job(run_id: str) -> None:
    """Decide over every row of a roll, writing nothing."""
    run_checked(_run(run_id))


@job("members.carry_out_import", queue="long")
def carry_out_import_job(run_id: str) -> None:
    """Read a roll into the base, from where it stands."""
    run_carried_out(_run(run_id))


@job("members.find_duplicates", queue="long")
def find_duplicates_job(organisation_id: str, run_id: str = "") -> None:
    """Look for people entered twice among those a roll has brought or changed; without one, among all."""
    # Two machines do not agree on the second; a few people more are compared, nobody is missed.
    since = _run(run_id).started_at - dt.timedelta(minutes=5) if run_id else None
    duplicates_find(organisation_id=uuid.UUID(organisation_id), since=since)


@job("members.close_accounts", queue="long")
def close_accounts_job() -> None:
    """Close the accounts whose day has come."""
    closings_carry_out()


every("members.close_accounts", daily_at=dt.time(2, 40))


@job("members.write_export", queue="long")
def write_export_job(export_id: str) -> None:
    """Write a list an officer asked for."""
    export_write(MemberExport.objects.select_related("organisation").get(pk=export_id))


def _run(run_id: str) -> ImportRun:
    return ImportRun.objects.select_related("organisation").get(pk=run_id)
