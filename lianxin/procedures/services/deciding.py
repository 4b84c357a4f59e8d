"""The office's word: pass a step, grant, refuse; and the answer to an objection."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from lianxin.kit.errors import RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor
from lianxin.procedures.models import Dossier, Objection, Task
from lianxin.procedures.models.situation import situation_of
from lianxin.procedures.rules.definition import GivesKind, Step, StepKind
from lianxin.procedures.rules.grants import GrantFault, granted_fen
from lianxin.procedures.rules.machine import Outcome, State, TaskState, Verb
from lianxin.procedures.rules.routing import Seat
from lianxin.procedures.selectors.registry import step_kinds
from lianxin.procedures.selectors.values import latest_answers, values_of
from lianxin.procedures.services.answering import findings_write
from lianxin.procedures.services.meeting import Meeting, meeting_arrange
from lianxin.procedures.services.steps import (
    closed,
    decided,
    moved_data,
    next_step,
    step_enter,
    task_end,
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


def step_approve(
    *,
    actor: Actor,
    dossier_id: uuid.UUID,
    key: str,
    seen: int | None,
    findings: Mapping[str, Any] | None = None,
    opinion: str = "",
    amount_fen: int | None = None,
    meeting: Meeting | None = None,
) -> Dossier:
    """Pass the running step with what was found; the route goes on, or the dossier is done.

    A decision step grants: what the procedure gives is settled here. Publishes DossierDecided and
    DossierClosed where they are due.

    Raises:
        AnswersError: a finding is missing or odd.
        RefusedError: the step cannot be passed yet (a notice still runs, money is not out).
    """
    with atomic():
        mine = turn_begin(actor=actor, dossier_id=dossier_id, verb=Verb.APPROVE, key=key, seen=seen)
        if mine.is_repeat:
            return mine.dossier
        turn_judge(mine)
        task, step = mine.running_task, mine.dossier.step
        _hindered(mine, task, step)
        if not actor.is_system:
            findings_write(task, step.fields, findings or {}, mine.dossier.definition)
        _grant(mine, step, amount_fen)
        if meeting is not None or _needs_meeting(mine.dossier, step, actor):
            meeting_arrange(mine.dossier, task, meeting, actor=actor)
        _pass(mine, task, clean(opinion)[:LONGEST_NOTE])
    return mine.dossier


def dossier_refuse(
    *,
    actor: Actor,
    dossier_id: uuid.UUID,
    reason: str,
    key: str,
    seen: int | None,
    findings: Mapping[str, Any] | None = None,
) -> Dossier:
    """Say no, with the reason the person will read and the way to object. Publishes DossierDecided."""
    with atomic():
        mine = turn_begin(actor=actor, dossier_id=dossier_id, verb=Verb.REFUSE, key=key, seen=seen)
        if mine.is_repeat:
            return mine.dossier
        move = turn_judge(mine)
        reason = reason_of(reason)
        task = mine.running_task
        if findings:
            findings_write(task, mine.dossier.step.fields, findings, mine.dossier.definition)
        take_silently(mine)
        task_end(task, TaskState.DONE, mine.now)
        mine.dossier.amount_fen = None
        data = objection_settle(mine, task, Objection.State.REJECTED, reason)
        decided(mine.dossier, Outcome.REFUSED, mine.now)
        closed(mine.dossier, mine.now, Outcome.REFUSED)
        turn_end(mine, move, note=reason, data=data)
        person_tell(mine.dossier, "refused", day=mine.dossier.objection_until)
    return mine.dossier


def _hindered(mine: Turn, task: Task, step: Step) -> None:
    handler = step_kinds.get(step.kind)
    if handler is None or task.is_objection:
        return
    reason = handler.hindrance(mine.dossier, task, step, is_system=mine.actor.is_system)
    if reason:
        raise RefusedError(reason)


def _grant(mine: Turn, step: Step, amount_fen: int | None) -> None:
    """Settle the sum at the decision: fixed, by an answer, by class, or named and capped."""
    dossier = mine.dossier
    if step.kind != StepKind.DECISION or dossier.definition.gives.kind is not GivesKind.MONEY:
        return
    values = values_of(latest_answers(dossier))
    try:
        dossier.amount_fen = granted_fen(
            dossier.definition, values, tier=dossier.tier, named=amount_fen
        )
    except GrantFault as fault:
        raise RefusedError(_GRANTS[fault.code]() % fault.names, field="amount_fen") from None


_GRANTS = {
    "amount_missing": lambda: _("Please write down the sum that is granted."),
    "amount_too_high": lambda: _("At most %(limit)s yuan can be granted here."),
    "tier_missing": lambda: _("The class of hardship is not clear yet: ask for what is missing."),
    "choice_missing": lambda: _("The sum follows from an answer that is missing: ask for it."),
}


def _needs_meeting(dossier: Dossier, step: Step, actor: Actor) -> bool:
    gives = dossier.definition.gives.kind
    first = next(
        (one.code for one in dossier.definition.route if one.kind == StepKind.ACKNOWLEDGEMENT), ""
    )
    return gives is GivesKind.APPOINTMENT and step.code == first and not actor.is_system


def _pass(mine: Turn, task: Task, opinion: str) -> None:
    """End the task, go to the next step or to the end, and write it down."""
    dossier, passed = mine.dossier, mine.dossier.step
    following = next_step(dossier, dossier.step_index + 1)
    situation = replace(situation_of(dossier, task), is_last_step=following.seat is None)
    move = turn_judge(mine, situation)
    take_silently(mine)
    task_end(task, TaskState.DONE, mine.now)
    was_decided = dossier.decided_at is not None
    data = {**objection_settle(mine, task, Objection.State.UPHELD, opinion)}
    if move.outcome is Outcome.GRANTED and (not was_decided or passed.kind == StepKind.DECISION):
        decided(dossier, Outcome.GRANTED, mine.now)
    entered = None
    if move.state is State.CLOSED:
        closed(dossier, mine.now, Outcome.GRANTED)
    else:
        entered = step_enter(dossier, following, mine.now)
    # A step that acts by itself may have changed the state (a payment without an account asks).
    final = replace(move, state=State(dossier.state)) if entered else move
    turn_end(
        mine,
        final,
        note=opinion,
        data={**moved_data(following, entered), **data},
        step_code=passed.code,
    )
    _tell_passed(
        mine, entered, following.seat, is_news=move.outcome is not None and not was_decided
    )


def _tell_passed(mine: Turn, entered: Task | None, seat: Seat | None, *, is_news: bool) -> None:
    dossier = mine.dossier
    if is_news:
        person_tell(dossier, "granted")
    elif entered is None:
        person_tell(dossier, "closed")
    else:
        person_tell(dossier, "moved", task=entered)
    if entered is not None and seat is not None:
        officers_tell(
            dossier, entered, [entered.assignee_id] if entered.assignee_id else seat.candidates
        )


def objection_settle(mine: Turn, task: Task, state: Objection.State, answer: str) -> dict[str, Any]:
    """Close the objection the running task looks at, if it does; return what the timeline says."""
    if not task.is_objection:
        return {}
    objection = Objection.objects.filter(dossier=mine.dossier, state=Objection.State.OPEN).first()
    if objection is not None:
        objection.state, objection.answer, objection.settled_at = state, answer, mine.now
        objection.save()
    return {"kind": "objection"}


def take_silently(mine: Turn) -> None:
    """Who acts on a task nobody had taken has taken it."""
    task = mine.running_task
    if task.assignee_id is None and mine.actor.account_id is not None:
        task.assignee_id = mine.actor.account_id
