"""A step that waits for something announced for a later day falls due then, not before."""

from __future__ import annotations

import datetime as dt
import uuid

from lianxin.audit import api as audit
from lianxin.kit.transactions import atomic
from lianxin.procedures.models import Dossier, Task
from lianxin.procedures.rules.machine import State
from lianxin.procedures.services.steps import timers_set


def step_prolong(*, dossier_id: uuid.UUID, kind: str, until: dt.datetime) -> bool:
    """Let the running step of a kind fall due later, never earlier; return whether it does.

    For handlers of `step_kinds` alone: nobody buys time for her own desk with it. A clock that
    stands still, or a second look, is left as it is. Again changes nothing.
    """
    with atomic():
        dossier = Dossier.objects.select_for_update(of=("self",), no_key=True).get(pk=dossier_id)
        running = Task.objects.open().filter(dossier=dossier, kind=kind, is_objection=False)
        task = running.first()
        if dossier.state != State.OPEN or task is None or task.due_at >= until:
            return False
        task.due_at, task.clock_round = until, task.clock_round + 1
        task.save(update_fields=["due_at", "clock_round"])
        dossier.due_at = until
        dossier.save(update_fields=["due_at"])
        timers_set(task, dossier.step)
        audit.record(
            actor_id=None,
            action="dossier.prolong",
            kind="dossier",
            object_id=dossier.pk,
            subject_id=dossier.applicant_id,
            detail={"step": task.step_code, "until": until.isoformat()},
        )
    return True
