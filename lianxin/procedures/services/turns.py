"""One move of one dossier: lock it, ask the judge, write the entry, tell those concerned.

Every service of this app is a `with turn(...)` block. The row of the dossier is locked first, so
moves on one dossier happen one after another; a repeat of the same key is recognised before
anything is judged, and changes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.text import clean
from lianxin.orgs.api import Actor
from lianxin.procedures import policies
from lianxin.procedures.constants import REFUSALS
from lianxin.procedures.events import DossierMoved
from lianxin.procedures.models import Dossier, Entry, Payment, Task
from lianxin.procedures.models.situation import situation_of
from lianxin.procedures.rules.definition import Confidentiality
from lianxin.procedures.rules.machine import Move, Refusal, Situation, State, Verb, Who, decide

_FORBIDDEN = {"not_yours", "taken"}
# Moves that hang on money not having left: the payments are locked before that is asked.
_MONEY_BOUND = {Verb.WITHDRAW, Verb.CLOSE, Verb.REFUSE, Verb.REOPEN}
LONGEST_NOTE = 4000


@dataclass
class Turn:
    """A locked dossier in the hand of one service."""

    actor: Actor
    verb: Verb
    key: str
    dossier: Dossier
    task: Task | None
    who: Who
    now: datetime = field(default_factory=clock.now)
    is_repeat: bool = False

    @property
    def running_task(self) -> Task:
        """The live task, or the last one of a closed dossier."""
        if self.task is None:
            raise RefusedError(str(REFUSALS["not_yours"]))
        return self.task


def turn_begin(
    *, actor: Actor, dossier_id: uuid.UUID, verb: Verb, key: str, seen: int | None = None
) -> Turn:
    """Lock a dossier for one move; call inside `atomic()`.

    Raises:
        ForbiddenError: it is not there, or not this person's business (the same sentence).
        StaleError: something happened since the page was shown.
        RefusedError: it was disposed of.
    """
    dossier = (
        Dossier.objects.select_for_update(of=("self",), no_key=True)
        .select_related("version", "organisation", "respondent")
        .filter(pk=dossier_id)
        .first()
    )
    if dossier is None:
        raise refusal("not_yours")
    task = task_of(dossier)
    who = policies.who_is(actor, dossier, task)
    mine = Turn(actor, verb, f"{verb}:{key}"[:96], dossier, task, who)
    repeated = Entry.objects.filter(dossier=dossier, key=mine.key).first()
    if repeated is not None and repeated.actor_id == actor.account_id:
        mine.is_repeat = True
        return mine
    if who is Who.STRANGER:
        raise refusal("not_yours")
    if dossier.disposed_at is not None:
        raise refusal("gone")
    if seen is not None and seen != dossier.seq:
        raise StaleError(str(REFUSALS["stale"]))
    if verb in _MONEY_BOUND:
        list(Payment.objects.select_for_update().filter(dossier=dossier).order_by("pk"))
    return mine


def task_of(dossier: Dossier) -> Task | None:
    """Return the live task, else the last one."""
    tasks = Task.objects.filter(dossier=dossier).select_related("organisation")
    return tasks.live().first() or tasks.order_by("-opened_at", "-id").first()


def turn_judge(mine: Turn, situation: Situation | None = None) -> Move:
    """Ask the judge; raise its refusal as a sentence."""
    verdict = decide(mine.verb, situation or situation_of(mine.dossier, mine.task), mine.who)
    if isinstance(verdict, Refusal):
        raise refusal(verdict.code)
    return verdict


def refusal(code: str) -> RefusedError:
    """Make the error of a refusal's code."""
    kind = ForbiddenError if code in _FORBIDDEN else RefusedError
    return kind(str(REFUSALS[code]))


def reason_of(text: str, *, field_name: str = "reason", code: str = "reason_missing") -> str:
    """Clean a reason that must be given."""
    cleaned = clean(text)[:LONGEST_NOTE]
    if not cleaned:
        raise RefusedError(str(REFUSALS[code]), field=field_name)
    return cleaned


def turn_end(
    mine: Turn,
    move: Move | None = None,
    *,
    note: str = "",
    data: Mapping[str, Any] | None = None,
    step_code: str | None = None,
) -> Entry:
    """Store the new state, add the line of the timeline, and let everybody know."""
    dossier = mine.dossier
    if move is not None:
        dossier.state, dossier.outcome = move.state, move.outcome or ""
    entry = entry_add(mine, note=note, data=data, step_code=step_code)
    dossier.save()
    audit.record(
        actor_id=mine.actor.account_id,
        action=f"dossier.{mine.verb}",
        kind="dossier",
        object_id=dossier.pk,
        subject_id=dossier.applicant_id,
        detail={"seq": entry.seq, "step": entry.step_code} | _acts_for(mine),
    )
    jobs.publish(
        DossierMoved(dossier_id=dossier.pk, verb=mine.verb, state=dossier.state, seq=entry.seq)
    )
    return entry


def entry_add(
    mine: Turn,
    *,
    note: str = "",
    data: Mapping[str, Any] | None = None,
    step_code: str | None = None,
) -> Entry:
    """Add the next line of the timeline."""
    dossier = mine.dossier
    dossier.seq += 1
    is_sealed = dossier.confidentiality != Confidentiality.ORDINARY
    is_office = mine.who in {Who.HOLDER, Who.COLLEAGUE, Who.OVERSEER} and mine.task is not None
    entry = Entry(
        dossier=dossier,
        seq=dossier.seq,
        verb=mine.verb,
        at=mine.now,
        actor_id=mine.actor.account_id,
        organisation_id=mine.task.organisation_id if is_office and mine.task else None,
        step_code=_step_code(dossier) if step_code is None else step_code,
        note="" if is_sealed else note,
        sealed_note=note if is_sealed else "",
        data=dict(data or {}) | _acts_for(mine),
        key=mine.key,
    )
    entry.save(force_insert=True)
    return entry


def _acts_for(mine: Turn) -> dict[str, str]:
    return policies.acts_for(mine.actor, mine.task, mine.who)


def _step_code(dossier: Dossier) -> str:
    return "" if dossier.state == State.AWAITING else dossier.step.code
