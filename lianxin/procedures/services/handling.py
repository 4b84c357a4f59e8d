"""The office's moves: ask, approve, refuse, refer, take, hand over, step back, close, reopen."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from lianxin.kit.errors import RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor, Organisation
from lianxin.procedures.models import Dossier, Objection, Recusal, Task
from lianxin.procedures.models.situation import situation_of
from lianxin.procedures.rules import clock as clocks
from lianxin.procedures.rules.definition import GivesKind, Step, StepKind
from lianxin.procedures.rules.grants import GrantFault, granted_fen
from lianxin.procedures.rules.machine import Move, Outcome, State, TaskState, Verb
from lianxin.procedures.rules.routing import Seat
from lianxin.procedures.selectors.registry import step_kinds
from lianxin.procedures.selectors.seats import seat_for, sitting_at
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
    task_open,
    timers_set,
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


def dossier_ask(
    *,
    actor: Actor,
    dossier_id: uuid.UUID,
    words: str,
    key: str,
    seen: int | None,
    fields: Sequence[str] = (),
    evidence: Sequence[str] = (),
) -> Dossier:
    """Ask the person for one more thing; the clock stands still until she answers."""
    with atomic():
        mine = turn_begin(actor=actor, dossier_id=dossier_id, verb=Verb.ASK, key=key, seen=seen)
        if mine.is_repeat:
            return mine.dossier
        move = turn_judge(mine)
        words = reason_of(words, field_name="words", code="words_missing")
        definition = mine.dossier.definition
        asked = {
            "fields": [one.code for one in definition.fields if one.code in set(fields)],
            "evidence": [one.code for one in definition.evidence if one.code in set(evidence)],
        }
        _take_silently(mine)
        clock_stop(mine)
        turn_end(mine, move, note=words, data=asked)
        person_tell(mine.dossier, "asked", task=mine.running_task)
    return mine.dossier


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
        _take_silently(mine)
        task_end(task, TaskState.DONE, mine.now)
        mine.dossier.amount_fen = None
        data = _settle_objection(mine, task, Objection.State.REJECTED, reason)
        decided(mine.dossier, Outcome.REFUSED, mine.now)
        closed(mine.dossier, mine.now, Outcome.REFUSED)
        turn_end(mine, move, note=reason, data=data)
        person_tell(mine.dossier, "refused", day=mine.dossier.objection_until)
    return mine.dossier


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
            task = task_move(mine, _seat_again(mine.dossier))
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


def dossier_close(
    *, actor: Actor, dossier_id: uuid.UUID, reason: str, key: str, seen: int | None
) -> Dossier:
    """End a case without a decision (settled otherwise, sent twice), with the reason for the person."""
    with atomic():
        mine = turn_begin(actor=actor, dossier_id=dossier_id, verb=Verb.CLOSE, key=key, seen=seen)
        if mine.is_repeat:
            return mine.dossier
        move = turn_judge(mine)
        reason = reason_of(reason)
        task = mine.running_task
        _take_silently(mine)
        task_end(task, TaskState.DROPPED, mine.now)
        data = _settle_objection(mine, task, Objection.State.REJECTED, reason)
        closed(mine.dossier, mine.now, Outcome.SETTLED)
        turn_end(mine, move, note=reason, data=data)
        person_tell(mine.dossier, "settled")
    return mine.dossier


def dossier_reopen(
    *, actor: Actor, dossier_id: uuid.UUID, reason: str, key: str, seen: int | None
) -> Dossier:
    """Open a closed case again at the step it ended with."""
    with atomic():
        mine = turn_begin(actor=actor, dossier_id=dossier_id, verb=Verb.REOPEN, key=key, seen=seen)
        if mine.is_repeat:
            return mine.dossier
        move = turn_judge(mine)
        reason = reason_of(reason)
        task = task_back(mine, _seat_again(mine.dossier))
        turn_end(mine, move, note=reason, data={"to": str(task.organisation_id)})
        person_tell(mine.dossier, "reopened", task=task)
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


def clock_stop(mine: Turn) -> None:
    """Stop the running step's clock and remember what is left of it."""
    task = mine.running_task
    task.state, task.stopped_at = TaskState.STOPPED, mine.now
    task.days_left = clocks.left(mine.now, task.due_at)
    task.save()
    mine.dossier.due_at = None


def clock_resume(mine: Turn) -> None:
    """Give back what was left when the clock stopped."""
    task = mine.running_task
    task.due_at = clocks.resumed(mine.now, task.due_at, task.days_left or 0)
    task.state, task.stopped_at, task.days_left = TaskState.OPEN, None, None
    task.clock_round += 1
    task.save()
    mine.dossier.due_at = task.due_at
    timers_set(task, mine.dossier.step)


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
    _take_silently(mine)
    task_end(task, TaskState.DONE, mine.now)
    was_decided = dossier.decided_at is not None
    data = {**_settle_objection(mine, task, Objection.State.UPHELD, opinion)}
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


def _settle_objection(
    mine: Turn, task: Task, state: Objection.State, answer: str
) -> dict[str, Any]:
    if not task.is_objection:
        return {}
    objection = Objection.objects.filter(dossier=mine.dossier, state=Objection.State.OPEN).first()
    if objection is not None:
        objection.state, objection.answer, objection.settled_at = state, answer, mine.now
        objection.save()
    return {"kind": "objection"}


def _seat_again(dossier: Dossier) -> Seat:
    seat = seat_for(dossier, dossier.step)
    if not isinstance(seat, Seat):
        # The tree was changed meanwhile and lacks the level: the next above takes it.
        seat = seat_for(dossier, dossier.step, above=dossier.organisation.path)
    if not isinstance(seat, Seat):
        raise RefusedError(_("Nobody in the union tree can take this step."))
    return seat


def _take_silently(mine: Turn) -> None:
    """Who acts on a task nobody had taken has taken it."""
    task = mine.running_task
    if task.assignee_id is None and mine.actor.account_id is not None:
        task.assignee_id = mine.actor.account_id


def _assign(task: Task, account_id: uuid.UUID | None) -> None:
    task.assignee_id = account_id
    task.save(update_fields=["assignee"])


def _is_sealed(dossier: Dossier) -> bool:
    return dossier.confidentiality == "sealed"
