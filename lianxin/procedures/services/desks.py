"""Whose desk a task lies on: refer, take, hand over, step back, escalate; and back to life."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from lianxin.kit.errors import RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor, Organisation
from lianxin.procedures.models import Dossier, Recusal, Task
from lianxin.procedures.rules import clock as clocks
from lianxin.procedures.rules.machine import Move, State, TaskState, Verb
from lianxin.procedures.rules.routing import Seat
from lianxin.procedures.selectors.seats import seat_for, sitting_at
from lianxin.procedures.services.steps import (
    task_end,
    task_open,
)
from lianxin.procedures.services.telling import officers_tell, person_tell
from lianxin.procedures.services.turns import (
    LONGEST_NOTE,
    Turn,
    reason_of,
    turn_begin,
    turn_end,
    turn_judge,
)


def dossier_refer(
    *,
    actor: Actor,
    dossier_id: uuid.UUID,
    organisation_id: uuid.UUID,
    reason: str,
    key: str,
    seen: int | None,
) -> Dossier:
    """Give the step to another organisation that can do it.

    Raises:
        RefusedError: nobody there may, or it is party to the case.
    """
    with atomic():
        mine = turn_begin(actor=actor, dossier_id=dossier_id, verb=Verb.REFER, key=key, seen=seen)
        if mine.is_repeat:
            return mine.dossier
        move = turn_judge(mine)
        reason = reason_of(reason)
        target = Organisation.objects.filter(pk=organisation_id).first()
        candidates = sitting_at(mine.dossier, mine.dossier.step, target) if target else ()
        if target is None or not candidates:
            raise RefusedError(
                _("Nobody there can take this case. Please pick another organisation."),
                field="organisation",
            )
        task = task_move(mine, Seat(target.pk, candidates))
        turn_end(mine, move, note=reason, data={"to": str(target.pk)})
        person_tell(mine.dossier, "moved", task=task)
    return mine.dossier


def task_take(
    *, actor: Actor, dossier_id: uuid.UUID, key: str, seen: int | None, reason: str = ""
) -> Dossier:
    """Take a task on, so that colleagues know somebody has it."""
    with atomic():
        mine = turn_begin(actor=actor, dossier_id=dossier_id, verb=Verb.TAKE, key=key, seen=seen)
        if mine.is_repeat:
            return mine.dossier
        move = turn_judge(mine)
        task = mine.running_task
        if task.assignee_id == actor.account_id:
            return mine.dossier
        _assign(task, actor.account_id)
        turn_end(mine, move, note=clean(reason)[:LONGEST_NOTE])
    return mine.dossier


def task_hand_over(
    *,
    actor: Actor,
    dossier_id: uuid.UUID,
    account_id: uuid.UUID,
    key: str,
    seen: int | None,
    words: str = "",
) -> Dossier:
    """Give a task to a colleague of the same desk.

    Raises:
        RefusedError: that person may not have it.
    """
    with atomic():
        mine = turn_begin(
            actor=actor, dossier_id=dossier_id, verb=Verb.HAND_OVER, key=key, seen=seen
        )
        if mine.is_repeat:
            return mine.dossier
        move = turn_judge(mine)
        task = mine.running_task
        if account_id not in sitting_at(mine.dossier, mine.dossier.step, task.organisation):
            raise RefusedError(_("This colleague cannot take this case."), field="account")
        _assign(task, account_id)
        turn_end(mine, move, note=clean(words)[:LONGEST_NOTE], data={"account": str(account_id)})
        officers_tell(mine.dossier, task, [account_id])
    return mine.dossier


def task_recuse(
    *, actor: Actor, dossier_id: uuid.UUID, key: str, seen: int | None, reason: str = ""
) -> Dossier:
    """Step back from a case one is too close to; it finds another desk, and is out of one's sight."""
    with atomic():
        mine = turn_begin(actor=actor, dossier_id=dossier_id, verb=Verb.RECUSE, key=key, seen=seen)
        if mine.is_repeat:
            return mine.dossier
        move = turn_judge(mine)
        Recusal.objects.get_or_create(
            dossier=mine.dossier,
            account_id=actor.account_id,
            defaults={"reason": Recusal.Reason.WISH},
        )
        task = mine.running_task
        others = sitting_at(mine.dossier, mine.dossier.step, task.organisation)
        if others:
            _assign(task, others[0] if task.assignee_id and _is_sealed(mine.dossier) else None)
            data: Mapping[str, Any] = {}
        else:
            task = task_move(mine, seat_again(mine.dossier))
            data = {"to": str(task.organisation_id)}
        turn_end(mine, move, note=clean(reason)[:LONGEST_NOTE], data=data)
    return mine.dossier


def dossier_escalate(
    *, actor: Actor, dossier_id: uuid.UUID, key: str, seen: int | None, reason: str = ""
) -> Dossier:
    """Let the organisation above take over a step.

    Raises:
        RefusedError: there is nobody above.
    """
    with atomic():
        mine = turn_begin(
            actor=actor, dossier_id=dossier_id, verb=Verb.ESCALATE, key=key, seen=seen
        )
        if mine.is_repeat:
            return mine.dossier
        move = turn_judge(mine)
        seat = seat_above(mine.dossier, mine.running_task)
        if seat is None:
            raise RefusedError(_("There is no organisation above that could take this over."))
        escalation_do(mine, move, seat, clean(reason)[:LONGEST_NOTE])
    return mine.dossier


def task_back(mine: Turn, seat: Seat, *, is_objection: bool = False) -> Task:
    """Bring a closed dossier back to life with a new task at the step it ended with."""
    dossier = mine.dossier
    dossier.state, dossier.outcome = State.OPEN, ""
    dossier.decided_at = dossier.closed_at = dossier.objection_until = None
    due_at = clocks.due(mine.now, dossier.step.working_days)
    task = task_open(dossier, seat, now=mine.now, due_at=due_at, is_objection=is_objection)
    officers_tell(dossier, task, [task.assignee_id] if task.assignee_id else seat.candidates)
    return task


def task_move(
    mine: Turn, seat: Seat, *, due_at: datetime | None = None, is_escalated: bool = False
) -> Task:
    """End the running task as moved and open the same step elsewhere; a stopped clock stays stopped."""
    old = mine.running_task
    task_end(old, TaskState.MOVED, mine.now)
    task = task_open(
        mine.dossier,
        seat,
        now=mine.now,
        due_at=due_at or clocks.taken_over(mine.now, old.due_at),
        is_escalated=is_escalated or old.is_escalated,
        is_objection=old.is_objection,
        clock_of=old,
    )
    officers_tell(mine.dossier, task, [task.assignee_id] if task.assignee_id else seat.candidates)
    return task


def escalation_do(mine: Turn, move: Move, seat: Seat, note: str = "") -> Task:
    """Carry out an escalation and tell the person who answers now."""
    due_at = clocks.escalated(mine.now, mine.dossier.step.working_days)
    task = task_move(mine, seat, due_at=due_at, is_escalated=True)
    turn_end(mine, move, note=note, data={"to": str(task.organisation_id)})
    person_tell(mine.dossier, "escalated", task=task)
    return task


def seat_above(dossier: Dossier, task: Task) -> Seat | None:
    """Find the seat of the running step at an organisation above the present one."""
    seat = seat_for(dossier, dossier.step, above=task.organisation.path)
    if not isinstance(seat, Seat) or seat.organisation_id == task.organisation_id:
        return None
    return seat


def seat_again(dossier: Dossier) -> Seat:
    """Find the desk of the running step anew.

    Raises:
        RefusedError: the tree has nobody left for it.
    """
    seat = seat_for(dossier, dossier.step)
    if not isinstance(seat, Seat):
        # The tree was changed meanwhile and lacks the level: the next above takes it.
        seat = seat_for(dossier, dossier.step, above=dossier.organisation.path)
    if not isinstance(seat, Seat):
        raise RefusedError(_("Nobody in the union tree can take this step."))
    return seat


def _assign(task: Task, account_id: uuid.UUID | None) -> None:
    task.assignee_id = account_id
    task.save(update_fields=["assignee"])


def _is_sealed(dossier: Dossier) -> bool:
    return dossier.confidentiality == "sealed"
