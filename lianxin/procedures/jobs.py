"""Work that happens by itself: late steps, lapsed confirmations, the right account, disposal."""

from __future__ import annotations

import datetime as dt
import uuid

from lianxin.jobs.api import every, job
from lianxin.procedures import services


@job("procedures.step_late")
def step_late_job(task_id: str, number: int, clock_round: int) -> None:
    services.step_late(task_id=uuid.UUID(task_id), number=number, clock_round=clock_round)


@job("procedures.confirm_lapse")
def lapse_confirmation_job(dossier_id: str) -> None:
    services.confirm_lapse(dossier_id=uuid.UUID(dossier_id))


@job("procedures.account_ask")
def ask_account_job(dossier_id: str, reason: str = "") -> None:
    services.account_ask(dossier_id=uuid.UUID(dossier_id), reason=reason)


@job("procedures.answer_remind")
def remind_answer_job(task_id: str, clock_round: int) -> None:
    services.answer_remind(task_id=uuid.UUID(task_id), clock_round=clock_round)


@job("procedures.tasks_reseat", queue="long")
def reseat_tasks_job(organisation_id: str) -> None:
    services.tasks_reseat(organisation_id=uuid.UUID(organisation_id))
    services.tasks_reseat_unstaffed()


@job("procedures.reseat_unstaffed", queue="long")
def reseat_unstaffed_job() -> None:
    services.tasks_reseat_unstaffed()


@job("procedures.dispose", queue="long")
def dispose_dossiers_job() -> None:
    services.dossiers_dispose()


every("procedures.reseat_unstaffed", seconds=3600)
every("procedures.dispose", daily_at=dt.time(3, 30))
