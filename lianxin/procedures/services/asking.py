"""The office asks for one more thing, closes without a decision, or opens again; and its clock."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from lianxin.jobs import api as jobs
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor
from lianxin.procedures.constants import ANSWER_WORKDAYS
from lianxin.procedures.models import Dossier, Objection, Task
from lianxin.procedures.rules import clock as clocks
from lianxin.procedures.rules.machine import Outcome, TaskState, Verb
from lianxin.procedures.services.deciding import objection_settle, take_silently
from lianxin.procedures.services.desks import seat_again, task_back
from lianxin.procedures.services.steps import (
    closed,
    task_end,
    timers_set,
)
from lianxin.procedures.services.telling import person_tell
from lianxin.procedures.services.turns import (
    Turn,
    reason_of,
    turn_begin,
    turn_end,
    turn_judge,
)

ANSWER_JOB = "procedures.answer_remind"


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
        take_silently(mine)
        clock_stop(mine)
        turn_end(mine, move, note=words, data=asked)
        person_tell(mine.dossier, "asked", task=mine.running_task)
    return mine.dossier


def answer_remind(*, task_id: uuid.UUID, clock_round: int) -> None:
    """Remind the person once that we still wait for her answer."""
    with atomic():
        task = Task.objects.filter(pk=task_id).select_related("dossier__version").first()
        if task is None or task.state != TaskState.STOPPED or task.clock_round != clock_round:
            return
        person_tell(task.dossier, "asked_again", task=task)


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
        take_silently(mine)
        task_end(task, TaskState.DROPPED, mine.now)
        data = objection_settle(mine, task, Objection.State.REJECTED, reason)
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
        task = task_back(mine, seat_again(mine.dossier))
        turn_end(mine, move, note=reason, data={"to": str(task.organisation_id)})
        person_tell(mine.dossier, "reopened", task=task)
    return mine.dossier


def clock_stop(mine: Turn) -> None:
    """Stop the running step's clock, remember what is left, and remind the person in some days."""
    task = mine.running_task
    jobs.enqueue(
        ANSWER_JOB,
        payload={"task_id": str(task.pk), "clock_round": task.clock_round},
        run_at=clocks.due(mine.now, ANSWER_WORKDAYS),
        key=f"{ANSWER_JOB}:{task.pk}:{task.clock_round}",
    )
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
