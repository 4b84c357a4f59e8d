"""From step to step: finding the desk, opening the task, setting its clock, coming to the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lianxin.jobs import api as jobs
from lianxin.kit import workdays
from lianxin.kit.errors import RefusedError
from lianxin.notices import api as notices
from lianxin.orgs.api import HIDDEN_FROM_ABOVE
from lianxin.procedures.constants import NOBODY_MAY, OBJECTION_WORKDAYS
from lianxin.procedures.events import DossierClosed, DossierDecided
from lianxin.procedures.models import Appointment, Dossier, Payment, Recusal, Task
from lianxin.procedures.rules import clock as clocks
from lianxin.procedures.rules import routing
from lianxin.procedures.rules.definition import Confidentiality, Step
from lianxin.procedures.rules.machine import Outcome, State, TaskState
from lianxin.procedures.selectors.registry import step_kinds
from lianxin.procedures.selectors.seats import (
    family_accounts,
    least_busy,
    own_accounts,
    seat_for,
)

LATE_JOB = "procedures.step_late"


@dataclass(frozen=True)
class NextStep:
    """Where the route goes on; `index` is past the end when it is done."""

    index: int
    seat: routing.Seat | None = None
    skipped: list[str] = field(default_factory=list)


def next_step(dossier: Dossier, start: int) -> NextStep:
    """Find the next step from `start` on that this line has, and its seat.

    Raises:
        RefusedError: the whole tree is party to the case, nobody in it may handle it.
    """
    skipped: list[str] = []
    route = dossier.definition.route
    for index in range(start, len(route)):
        seat = seat_for(dossier, route[index])
        if seat is None:
            raise RefusedError(str(NOBODY_MAY))
        if isinstance(seat, routing.Seat):
            return NextStep(index, seat, skipped)
        skipped.append(route[index].code)
    return NextStep(len(route), None, skipped)


def step_enter(dossier: Dossier, following: NextStep, now: datetime) -> Task | None:
    """Begin the next step: its task, its clock, and what its kind does by itself."""
    if following.seat is None:
        return None
    dossier.step_index = following.index
    step = dossier.step
    task = task_open(dossier, following.seat, now=now, due_at=clocks.due(now, step.working_days))
    handler = step_kinds.get(step.kind)
    if handler is not None:
        handler.entered(dossier, task, step)
    return task


def task_open(
    dossier: Dossier,
    seat: routing.Seat,
    *,
    now: datetime,
    due_at: datetime,
    is_escalated: bool = False,
    is_objection: bool = False,
    clock_of: Task | None = None,
) -> Task:
    """Put a step on a desk. `clock_of`: the task it takes over from, whose clock it inherits."""
    step = dossier.step
    recusals_note(dossier)
    roles = [*step.roles, *([routing.CHAIR] if seat.is_nobody_free else [])]
    task = Task(
        dossier=dossier,
        step_index=dossier.step_index,
        step_code=step.code,
        kind=step.kind,
        organisation_id=seat.organisation_id,
        roles=f"|{'|'.join(dict.fromkeys(roles))}|",
        assignee_id=_assignee(dossier, seat),
        opened_at=now,
        due_at=due_at,
        is_escalated=is_escalated,
        is_objection=is_objection,
        is_nobody_free=seat.is_nobody_free,
        is_hidden=all(role in HIDDEN_FROM_ABOVE for role in step.roles),
    )
    if clock_of is not None and clock_of.stopped_at is not None:
        task.state, task.stopped_at = TaskState.STOPPED, clock_of.stopped_at
        task.days_left = clock_of.days_left
    task.save(force_insert=True)
    dossier.due_at = None if task.stopped_at else task.due_at
    if task.stopped_at is None:
        timers_set(task, step)
    return task


def task_end(task: Task, state: TaskState, now: datetime) -> None:
    """End a task; it stays as a record of who had it when."""
    task.state, task.done_at = state, now
    task.save()


def timers_set(task: Task, step: Step) -> None:
    """Wind up what happens when the step is late; an earlier winding no longer counts."""
    for number, at in enumerate(clocks.acts_at(task.due_at, step.when_late)):
        jobs.enqueue(
            LATE_JOB,
            payload={"task_id": str(task.pk), "number": number, "clock_round": task.clock_round},
            run_at=at,
            key=f"{LATE_JOB}:{task.pk}:{task.clock_round}:{number}",
        )


def recusals_note(dossier: Dossier) -> None:
    """Write down who must not handle or see this dossier as an officer, as known today."""
    own = own_accounts(dossier)
    family = family_accounts(own)
    known = set(Recusal.objects.filter(dossier=dossier).values_list("account_id", flat=True))
    rows = [
        Recusal(dossier=dossier, account_id=account_id, reason=reason)
        for accounts, reason in ((own, Recusal.Reason.OWN), (family, Recusal.Reason.FAMILY))
        for account_id in accounts - known
    ]
    Recusal.objects.bulk_create(rows, ignore_conflicts=True)


def decided(dossier: Dossier, outcome: Outcome, now: datetime) -> None:
    """Note the decision and tell it."""
    dossier.decided_at, dossier.outcome = now, outcome
    jobs.publish(
        DossierDecided(
            dossier_id=dossier.pk,
            code=dossier.version.code,
            applicant_id=dossier.applicant_id,
            outcome=outcome,
            tier=dossier.tier,
            amount_fen=dossier.amount_fen,
        )
    )


def closed(dossier: Dossier, now: datetime, outcome: Outcome) -> None:
    """End the way: no clock runs any more; a no may be objected to for a time."""
    dossier.state, dossier.outcome = State.CLOSED, outcome
    dossier.closed_at, dossier.due_at = now, None
    Payment.objects.filter(dossier=dossier, state=Payment.State.READY).update(
        state=Payment.State.CANCELLED
    )
    notices.line_take_down(actor_id=None, object_kind="dossier", object_id=dossier.pk)
    if outcome is not Outcome.GRANTED:
        Appointment.objects.filter(dossier=dossier, starts_at__gt=now).update(is_cancelled=True)
    if outcome in {Outcome.REFUSED, Outcome.SETTLED}:
        dossier.objection_until = workdays.due_at(now, OBJECTION_WORKDAYS)
    jobs.publish(
        DossierClosed(
            dossier_id=dossier.pk,
            code=dossier.version.code,
            applicant_id=dossier.applicant_id,
            outcome=outcome,
        )
    )


def moved_data(following: NextStep, task: Task | None) -> Mapping[str, Any]:
    """Say in codes where the dossier went."""
    data: dict[str, Any] = {}
    if following.skipped:
        data["skipped"] = following.skipped
    if task is not None:
        data |= {"to_step": task.step_code, "to": str(task.organisation_id)}
        if task.is_nobody_free:
            data["nobody_free"] = True
    return data


def _assignee(dossier: Dossier, seat: routing.Seat) -> Any:
    # A sealed dossier is in nobody's list but its specialist's, so it must have one from the start.
    if dossier.confidentiality == Confidentiality.SEALED and not seat.is_nobody_free:
        return least_busy(seat.candidates)
    return None
