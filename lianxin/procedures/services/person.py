"""The person's moves: amend, answer, withdraw, object, rate; and what is put right after a bad rating."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from lianxin.jobs import api as jobs
from lianxin.kit import workdays
from lianxin.kit.errors import RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor
from lianxin.procedures.constants import FINAL, FIXED, REPAIR_WORKDAYS
from lianxin.procedures.events import DossierRated
from lianxin.procedures.models import (
    Dossier,
    Entry,
    Objection,
    Rating,
    Recusal,
    Repair,
)
from lianxin.procedures.rules import answers as rules
from lianxin.procedures.rules.definition import final_fields, fixed_fields
from lianxin.procedures.rules.machine import Outcome, TaskState, Verb
from lianxin.procedures.rules.routing import Seat
from lianxin.procedures.selectors.seats import seat_for
from lianxin.procedures.selectors.values import latest_answers, sheet_of, values_of
from lianxin.procedures.services.answering import (
    AnswersError,
    Papers,
    answers_check,
    answers_write,
    checked_or_raise,
    papers_write,
)
from lianxin.procedures.services.asking import clock_resume
from lianxin.procedures.services.desks import task_back
from lianxin.procedures.services.steps import closed, task_end
from lianxin.procedures.services.telling import person_tell
from lianxin.procedures.services.turns import (
    LONGEST_NOTE,
    Turn,
    reason_of,
    turn_begin,
    turn_end,
    turn_judge,
)


def dossier_amend(
    *,
    actor: Actor,
    dossier_id: uuid.UUID,
    answers: Mapping[str, Any],
    papers: Papers,
    key: str,
    seen: int | None,
) -> Dossier:
    """Change what one sent, until the decision has read it; the change is visible to the office.

    `answers` names the changed fields only; a named paper's files replace the former ones.

    Raises:
        AnswersError: an answer cannot be taken.
    """
    with atomic():
        mine = turn_begin(actor=actor, dossier_id=dossier_id, verb=Verb.AMEND, key=key, seen=seen)
        if mine.is_repeat:
            return mine.dossier
        move = turn_judge(mine)
        changed = _change(mine, answers, papers)
        if not changed:
            return mine.dossier
        turn_end(mine, move, data={"changed": changed})
    return mine.dossier


def dossier_answer(
    *,
    actor: Actor,
    dossier_id: uuid.UUID,
    key: str,
    seen: int | None,
    words: str = "",
    answers: Mapping[str, Any] | None = None,
    papers: Papers | None = None,
) -> Dossier:
    """Answer what was asked; the clock runs again with what was left of it.

    Raises:
        AnswersError: an answer cannot be taken.
        RefusedError: nothing was said and nothing handed in.
    """
    with atomic():
        mine = turn_begin(actor=actor, dossier_id=dossier_id, verb=Verb.ANSWER, key=key, seen=seen)
        if mine.is_repeat:
            return mine.dossier
        move = turn_judge(mine)
        note = clean(words)[:LONGEST_NOTE]
        if asks_for_account(mine.dossier):
            raise RefusedError(
                _("Please give us the right account, then the payment goes out again.")
            )
        changed = _change(mine, answers or {}, papers or {})
        if not note and not changed:
            raise RefusedError(
                _("Please write an answer, or add what was asked for."), field="words"
            )
        clock_resume(mine)
        turn_end(mine, move, note=note, data={"changed": changed} if changed else {})
    return mine.dossier


def dossier_withdraw(
    *, actor: Actor, dossier_id: uuid.UUID, key: str, seen: int | None, reason: str = ""
) -> Dossier:
    """Take one's application back; no reason is needed."""
    with atomic():
        mine = turn_begin(
            actor=actor, dossier_id=dossier_id, verb=Verb.WITHDRAW, key=key, seen=seen
        )
        if mine.is_repeat:
            return mine.dossier
        move = turn_judge(mine)
        if mine.task is not None:
            task_end(mine.task, TaskState.DROPPED, mine.now)
        closed(mine.dossier, mine.now, Outcome.WITHDRAWN)
        turn_end(mine, move, note=clean(reason)[:LONGEST_NOTE])
    return mine.dossier


def dossier_object(
    *, actor: Actor, dossier_id: uuid.UUID, words: str, key: str, seen: int | None
) -> Dossier:
    """Object to a refusal, once: another person looks at it again, one level up."""
    with atomic():
        mine = turn_begin(actor=actor, dossier_id=dossier_id, verb=Verb.OBJECT, key=key, seen=seen)
        if mine.is_repeat:
            return mine.dossier
        move = turn_judge(mine)
        words = reason_of(words, field_name="words", code="words_missing")
        last = mine.running_task
        _bar_deciders(mine.dossier)
        seat = seat_for(mine.dossier, mine.dossier.step, above=last.organisation.path)
        if not isinstance(seat, Seat):
            raise RefusedError(
                _("Nobody in the union tree can look at this again. Please call 12351.")
            )
        Objection(dossier=mine.dossier, words=words, lodged_at=mine.now).save(force_insert=True)
        task = task_back(mine, seat, is_objection=True)
        turn_end(mine, move, data={"to": str(task.organisation_id)})
        person_tell(mine.dossier, "objected", task=task)
    return mine.dossier


def dossier_rate(
    *, actor: Actor, dossier_id: uuid.UUID, level: int, key: str, words: str = ""
) -> Dossier:
    """Say how it was, once, in five levels; a bad rating opens a repair within 15 working days.

    Publishes DossierRated. The rating stays with the case and is never counted per officer.
    """
    with atomic():
        mine = turn_begin(actor=actor, dossier_id=dossier_id, verb=Verb.RATE, key=key)
        if mine.is_repeat:
            return mine.dossier
        move = turn_judge(mine)
        if level not in Rating.Level.values:
            raise RefusedError(_("Please pick one of the five."), field="level")
        Rating(
            dossier=mine.dossier, level=level, words=clean(words)[:LONGEST_NOTE], rated_at=mine.now
        ).save(force_insert=True)
        is_bad = level <= Rating.Level.BAD
        if is_bad:
            _repair_open(mine)
        turn_end(mine, move, data={"level": level}, step_code="")
        jobs.publish(DossierRated(dossier_id=mine.dossier.pk, level=level, needs_repair=is_bad))
    return mine.dossier


def repair_done(*, actor: Actor, dossier_id: uuid.UUID, words: str, key: str) -> Dossier:
    """Write down what was put right after a bad rating; the person reads it."""
    with atomic():
        mine = turn_begin(actor=actor, dossier_id=dossier_id, verb=Verb.REPAIR, key=key)
        if mine.is_repeat:
            return mine.dossier
        move = turn_judge(mine)
        words = reason_of(words, field_name="words", code="words_missing")
        repair = Repair.objects.get(dossier=mine.dossier)
        repair.words, repair.done_at, repair.done_by_id = words, mine.now, actor.account_id
        repair.save()
        turn_end(mine, move, step_code="")
        person_tell(mine.dossier, "repaired")
    return mine.dossier


def asks_for_account(dossier: Dossier) -> bool:
    """Say whether what we wait for is the right bank account."""
    asked = Entry.objects.filter(dossier=dossier, verb=Verb.ASK).order_by("-seq").first()
    return asked is not None and asked.data.get("kind") == "account"


def _change(mine: Turn, answers: Mapping[str, Any], papers: Papers) -> list[str]:
    """Keep a new revision if anything differs; return the codes of fields and papers changed."""
    dossier = mine.dossier
    last = latest_answers(dossier)
    before = values_of(last)
    checked = answers_check(dossier.definition, answers, papers=papers, partial=True)
    after = rules.merged(before, checked_or_raise(checked))
    changed = rules.changed(before, after)
    fixed, final = fixed_fields(dossier.definition), final_fields(dossier.definition)
    if stays := sorted((fixed | final).intersection(changed)):
        raise AnswersError({code: str(FIXED if code in fixed else FINAL) for code in stays})
    if changed and last is not None:
        kept = {code: text for code, text in last.sources.items() if code not in changed}
        answers_write(dossier, after, actor=mine.actor, sources=kept, before=before)
        sheet = sheet_of(dossier.definition, after, organisation=dossier.organisation)
        if sheet is not None:
            dossier.tier = sheet.tier.code if sheet.tier else ""
    return [*changed, *papers_write(dossier, papers, actor=mine.actor)]


def _bar_deciders(dossier: Dossier) -> None:
    """Who decided does not look again."""
    deciders = Entry.objects.filter(
        dossier=dossier, verb__in=[Verb.REFUSE, Verb.CLOSE], actor__isnull=False
    )
    for account_id in set(deciders.values_list("actor_id", flat=True)):
        Recusal.objects.get_or_create(
            dossier=dossier, account_id=account_id, defaults={"reason": Recusal.Reason.DECIDED}
        )


def _repair_open(mine: Turn) -> None:
    task = mine.running_task
    Repair.objects.create(
        dossier=mine.dossier,
        organisation_id=task.organisation_id,
        opened_at=mine.now,
        due_at=workdays.due_at(mine.now, REPAIR_WORKDAYS),
    )
