"""What the clocks do by themselves, once each: remind, and let the organisation above take over."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor
from lianxin.procedures.models import Dossier, Task
from lianxin.procedures.rules import routing
from lianxin.procedures.rules.clock import acts_at
from lianxin.procedures.rules.definition import Confidentiality, Late, LateAction
from lianxin.procedures.rules.machine import State, TaskState, Verb
from lianxin.procedures.selectors.seats import seat_for, sitting_at
from lianxin.procedures.services.deciding import step_approve
from lianxin.procedures.services.desks import escalation_do, seat_above, task_move
from lianxin.procedures.services.telling import officers_tell
from lianxin.procedures.services.turns import Turn, turn_begin, turn_end, turn_judge


def step_late(*, task_id: uuid.UUID, number: int, clock_round: int) -> None:
    """Do what the definition says of a late step, unless it was done or its clock was set anew."""
    with atomic():
        task = Task.objects.filter(pk=task_id).select_related("dossier__version").first()
        if task is None:
            return
        when_late = task.dossier.definition.route[task.step_index].when_late
        action = when_late[number].action
        if action is LateAction.ESCALATE and task.is_escalated and _passes(when_late):
            return  # once was enough: what follows is silence, and silence is a yes
        verb = _VERBS[action]
        key = f"late:{task_id}:{clock_round}:{number}"
        mine = turn_begin(actor=Actor.system(), dossier_id=task.dossier_id, verb=verb, key=key)
        if mine.is_repeat or not _still_counts(mine, task_id, clock_round):
            return
        if mine.now < acts_at(mine.running_task.due_at, when_late)[number]:
            return
        if verb is Verb.APPROVE:
            step_approve(actor=mine.actor, dossier_id=task.dossier_id, key=key, seen=None)
            return
        seat = _upward(mine) if verb is Verb.ESCALATE else None
        if seat is None:
            # At the end of the tree nobody above can take over: they hear of it again.
            mine.verb = Verb.REMIND
        move = turn_judge(mine)
        if seat is not None:
            escalation_do(mine, move, seat)
            return
        turn_end(mine, move)
        officers_tell(mine.dossier, mine.running_task, handlers_of(mine), late=True)


_VERBS = {
    LateAction.REMIND: Verb.REMIND,
    LateAction.ESCALATE: Verb.ESCALATE,
    LateAction.GO_ON: Verb.APPROVE,
}


def _passes(when_late: Sequence[Late]) -> bool:
    return any(late.action is LateAction.GO_ON for late in when_late)


def handlers_of(mine: Turn) -> list[uuid.UUID]:
    """Return whose desk a task lies on: the one who took it, else all who may."""
    task = mine.running_task
    if task.assignee_id is not None:
        return [task.assignee_id]
    return list(sitting_at(mine.dossier, mine.dossier.step, task.organisation))


def tasks_reseat(*, organisation_id: uuid.UUID) -> int:
    """Find new hands for the tasks of an organisation whose people changed; return how many moved."""
    live = Task.objects.live().filter(organisation_id=organisation_id)
    return sum(
        _reseat(dossier_id) for dossier_id in list(live.values_list("dossier_id", flat=True))
    )


def tasks_reseat_unstaffed() -> int:
    """Try again for the tasks nobody was free for; return how many found a desk."""
    live = Task.objects.live().filter(is_nobody_free=True)
    return sum(
        _reseat(dossier_id) for dossier_id in list(live.values_list("dossier_id", flat=True))
    )


def _reseat(dossier_id: uuid.UUID) -> int:
    with atomic():
        dossier = Dossier.objects.get(pk=dossier_id)
        key = f"reseat:{dossier.seq}"
        mine = turn_begin(actor=Actor.system(), dossier_id=dossier_id, verb=Verb.REFER, key=key)
        task = mine.task
        if mine.is_repeat or task is None or mine.dossier.state not in {State.OPEN, State.WAITING}:
            return 0
        sitting = sitting_at(mine.dossier, mine.dossier.step, task.organisation)
        if task.assignee_id is not None and task.assignee_id in sitting:
            return 0
        if (
            sitting
            and task.assignee_id is None
            and not _wants_name(mine.dossier)
            and not task.is_nobody_free
        ):
            return 0
        return _find_desk(mine, task, sitting)


def _find_desk(mine: Turn, task: Task, sitting: tuple[uuid.UUID, ...]) -> int:
    seat = (
        routing.Seat(task.organisation_id, sitting)
        if sitting
        else seat_for(mine.dossier, mine.dossier.step)
    )
    if not isinstance(seat, routing.Seat) or (seat.is_nobody_free and task.is_nobody_free):
        return 0
    move = turn_judge(mine)
    moved = task_move(mine, seat)
    turn_end(mine, move, data={"to": str(moved.organisation_id)})
    return 1


def _wants_name(dossier: Dossier) -> bool:
    return dossier.confidentiality == Confidentiality.SEALED


def _upward(mine: Turn) -> routing.Seat | None:
    if _wants_name(mine.dossier):
        return None  # nobody above may even know of it
    return seat_above(mine.dossier, mine.running_task)


def _still_counts(mine: Turn, task_id: uuid.UUID, clock_round: int) -> bool:
    task = mine.task
    return (
        task is not None
        and task.pk == task_id
        and task.state == TaskState.OPEN
        and task.clock_round == clock_round
        and mine.dossier.state == State.OPEN
    )
