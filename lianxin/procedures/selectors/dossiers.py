"""One dossier with all a page needs, and a person's own list; few queries, nothing opened unasked."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.contrib.auth import get_user_model

from lianxin.kit import clock
from lianxin.orgs.api import Actor, Organisation
from lianxin.procedures import policies
from lianxin.procedures.constants import SIGNATURE
from lianxin.procedures.models import (
    AnswerSet,
    Appointment,
    Dossier,
    Entry,
    EvidencePaper,
    Objection,
    Payment,
    Rating,
    Repair,
    Task,
)
from lianxin.procedures.rules import answers as rules
from lianxin.procedures.rules.definition import (
    Confidentiality,
    Definition,
    Field,
    Step,
    StepKind,
)
from lianxin.procedures.rules.income import IncomeSheet
from lianxin.procedures.rules.machine import (
    Outcome,
    Refusal,
    Situation,
    State,
    TaskState,
    Verb,
    Who,
    decide,
)
from lianxin.procedures.selectors.registry import versions_fill
from lianxin.procedures.selectors.values import sheet_of, values_of

MOVING = {Payment.State.BATCHED, Payment.State.PAID}


class Progress(StrEnum):
    """How far a station of the route is."""

    DONE = "done"
    NOW = "now"
    TO_COME = "to_come"
    SKIPPED = "skipped"
    STOPPED = "stopped"  # refused or withdrawn here


@dataclass(frozen=True)
class Station:
    """One step of the route as the person sees it."""

    step: Step
    progress: Progress
    task: Task | None = None


@dataclass(frozen=True)
class AnswerRow:
    """One answer; `is_hidden` if it is sealed and was not opened."""

    field: Field
    value: Any
    source: str = ""
    is_hidden: bool = False
    is_changed: bool = False


@dataclass(frozen=True)
class Asked:
    """What the person was asked for and has not answered yet."""

    entry: Entry
    fields: list[Field]
    evidence: list[str]
    is_account: bool = False


@dataclass
class Bundle:
    """A dossier and what belongs to it, as one person may see it."""

    dossier: Dossier
    who: Who
    task: Task | None
    tasks: list[Task]
    entries: list[Entry]
    answers: list[AnswerRow]
    papers: list[EvidencePaper]
    payments: list[Payment]
    appointments: list[Appointment]
    stations: list[Station]
    situation: Situation
    asked: Asked | None = None
    objection: Objection | None = None
    rating: Rating | None = None
    repair: Repair | None = None
    income: IncomeSheet | None = None
    verbs: frozenset[Verb] = field(default_factory=frozenset)

    @property
    def definition(self) -> Definition:
        """The definition this dossier runs on."""
        return self.dossier.definition

    @property
    def is_own(self) -> bool:
        """Whether the reader is the person herself."""
        return self.who is Who.PERSON

    @property
    def is_for_person(self) -> bool:
        """Whether the reader acts as the person: herself, or who carries the case for her."""
        return self.is_own or self.is_carried

    @property
    def is_carried(self) -> bool:
        """Whether the reader carries the case for a person who signed on paper."""
        return self.who is Who.HELPER and self.dossier.state != State.AWAITING

    @property
    def is_signed(self) -> bool:
        """Whether the person said yes on paper."""
        return any(paper.code == SIGNATURE for paper in self.papers)

    @property
    def payment(self) -> Payment | None:
        """The newest payment."""
        return self.payments[-1] if self.payments else None


def my_dossiers(account_id: uuid.UUID | None) -> list[Dossier]:
    """List a person's own dossiers: what waits for her first, then the newest. One query."""
    if account_id is None:
        return []
    rows = (
        Dossier.objects.filter(applicant_id=account_id)
        .select_related("version", "organisation")
        .order_by("-created_at", "-id")
    )
    rank = {State.AWAITING: 0, State.WAITING: 0, State.OPEN: 1, State.CLOSED: 2}
    return sorted(rows, key=lambda row: rank[State(row.state)])


def waits_for_person(account_id: uuid.UUID | None) -> int:
    """Count a person's own dossiers that wait for her."""
    waiting = [State.AWAITING, State.WAITING]
    return Dossier.objects.filter(applicant_id=account_id, state__in=waiting).count()


def dossier_bundle(actor: Actor, dossier_id: uuid.UUID) -> Bundle | None:
    """Load a dossier for a page; None if it is not there, or not this person's business.

    The person herself reads all her answers. An officer sees sealed ones as hidden, until
    `answers_open` opens them and leaves a trace.
    """
    dossier = (
        policies.visible_to(actor, Dossier.objects.all())
        .filter(pk=dossier_id)
        .select_related("organisation")
        .first()
    )
    if dossier is None:
        return None
    versions_fill([dossier])
    tasks = list(
        Task.objects.filter(dossier=dossier)
        .select_related("organisation", "assignee")
        .defer(*_unread("assignee"))
        .order_by("opened_at", "id")
    )
    entries = list(
        Entry.objects.filter(dossier=dossier)
        .select_related("actor", "organisation")
        .defer(*_unread("actor"))
        .order_by("seq")
    )
    said = _said_back(dossier, entries)
    live = [task for task in tasks if task.state in {TaskState.OPEN, TaskState.STOPPED}]
    task = live[0] if live else tasks[-1] if tasks else None
    behind = dossier.definition.route[: dossier.step_index + 1]
    payments = (
        list(Payment.objects.filter(dossier=dossier).order_by("opened_at", "id"))
        if _any_of(behind, StepKind.PAYMENT)
        else []
    )
    found = Bundle(
        dossier=dossier,
        who=policies.who_is(actor, dossier, task, is_visible=True),
        task=task,
        tasks=tasks,
        entries=entries,
        answers=[],
        papers=_papers(dossier),
        payments=payments,
        appointments=_appointments(dossier, behind),
        stations=[],
        situation=_situation(dossier, task, payments, said),
        objection=said.objection,
        rating=said.rating,
        repair=said.repair,
    )
    _answers_fill(found)
    found.stations = _stations(found)
    found.asked = _asked(found)
    found.verbs = _verbs(found)
    return found


def _unread(person: str) -> list[str]:
    """Name the columns of a joined account that no page reads: all but its id and its name."""
    known = {"id", "display_name"}
    fields = get_user_model()._meta.concrete_fields
    return [f"{person}__{one.name}" for one in fields if one.name not in known]


@dataclass(frozen=True)
class _SaidBack:
    objection: Objection | None = None
    rating: Rating | None = None
    repair: Repair | None = None


def _said_back(dossier: Dossier, entries: list[Entry]) -> _SaidBack:
    """Fetch what the person said back, if the timeline tells that she did."""
    told = {entry.verb for entry in entries}
    was_rated = Verb.RATE in told
    return _SaidBack(
        Objection.objects.filter(dossier=dossier).first() if Verb.OBJECT in told else None,
        Rating.objects.filter(dossier=dossier).first() if was_rated else None,
        Repair.objects.filter(dossier=dossier).first() if was_rated else None,
    )


def _any_of(steps: list[Step], kind: StepKind) -> bool:
    """Say whether the way so far had a step of a kind: what it leaves behind need not be asked for."""
    return any(step.kind == kind for step in steps)


def _papers(dossier: Dossier) -> list[EvidencePaper]:
    if not dossier.definition.evidence and dossier.helped_by_id is None:
        return []
    rows = EvidencePaper.objects.filter(dossier=dossier, removed_at=None)
    return list(rows.order_by("code", "added_at"))


def _appointments(dossier: Dossier, behind: list[Step]) -> list[Appointment]:
    if not _any_of(behind, StepKind.ACKNOWLEDGEMENT):
        return []
    rows = Appointment.objects.filter(dossier=dossier).select_related("specialist")
    return list(rows.order_by("starts_at"))


def answers_after_opening(bundle: Bundle, values: dict[str, Any]) -> None:
    """Show opened answers (`services.answers_open`) and the sum that follows from them."""
    bundle.answers = [
        AnswerRow(row.field, values.get(row.field.code), row.source, is_changed=row.is_changed)
        for row in bundle.answers
    ]
    _income_fill(bundle, values)


def _answers_fill(bundle: Bundle) -> None:
    sets = list(AnswerSet.objects.filter(dossier=bundle.dossier).order_by("revision"))
    if not sets:
        return
    last = sets[-1]
    is_helper = bundle.who is Who.HELPER and not bundle.is_carried
    is_plain = bundle.is_own or is_helper or not last.sealed
    values = values_of(last) if is_plain else last.plain
    changed = {code for one in sets for code in one.changed}
    bundle.answers = [
        AnswerRow(
            one,
            values.get(one.code),
            source=last.sources.get(one.code, ""),
            is_hidden=not is_plain and one.code in last.sealed,
            is_changed=one.code in changed,
        )
        for one in bundle.definition.fields
        if one.code in values or one.code in last.sealed
    ]
    if is_plain:
        _income_fill(bundle, values, last.sources)


def _income_fill(
    bundle: Bundle, values: dict[str, Any], sources: dict[str, str] | None = None
) -> None:
    known = {row.field.code: row.source for row in bundle.answers}
    bundle.income = sheet_of(
        bundle.definition,
        values,
        organisation=bundle.dossier.organisation,
        sources=sources or known,
        on=bundle.dossier.submitted_at,
    )


def _situation(
    dossier: Dossier, task: Task | None, payments: list[Payment], said: _SaidBack
) -> Situation:
    until = dossier.objection_until
    return Situation(
        state=State(dossier.state),
        outcome=Outcome(dossier.outcome) if dossier.outcome else None,
        step_kind=dossier.step.kind,
        is_last_step=dossier.step_index >= len(dossier.definition.route) - 1,
        is_decided=dossier.decided_at is not None and dossier.outcome == Outcome.GRANTED,
        is_money_moving=any(payment.state in MOVING for payment in payments),
        is_objection=task is not None and task.is_objection,
        was_objected=said.objection is not None,
        may_still_object=until is not None and clock.now() <= until,
        is_rated=said.rating is not None,
        wants_rating=dossier.definition.is_rated,
        is_repair_open=said.repair is not None and said.repair.done_at is None,
    )


def _verbs(bundle: Bundle) -> frozenset[Verb]:
    if bundle.dossier.disposed_at is not None:
        return frozenset()
    found = {
        verb for verb in Verb if not isinstance(decide(verb, bundle.situation, bundle.who), Refusal)
    }
    if bundle.task is not None and bundle.task.assignee_id is not None:
        found.discard(Verb.TAKE)
    if bundle.dossier.step.kind == "payment":
        found.discard(Verb.APPROVE)
    return frozenset(found)


def _stations(bundle: Bundle) -> list[Station]:
    dossier = bundle.dossier
    skipped = {code for entry in bundle.entries for code in entry.data.get("skipped", [])}
    by_index = {task.step_index: task for task in bundle.tasks}
    rows: list[Station] = []
    for index, step in enumerate(dossier.definition.route):
        task = by_index.get(index)
        rows.append(Station(step, _progress(dossier, index, step.code in skipped), task))
    return rows


def _progress(dossier: Dossier, index: int, is_skipped: bool) -> Progress:
    is_closed = dossier.state == State.CLOSED
    if is_skipped:
        return Progress.SKIPPED
    if dossier.state == State.AWAITING:
        return Progress.TO_COME
    if index < dossier.step_index:
        return Progress.DONE
    if index > dossier.step_index:
        return Progress.TO_COME
    if not is_closed:
        return Progress.NOW
    return Progress.DONE if dossier.outcome == Outcome.GRANTED else Progress.STOPPED


def _asked(bundle: Bundle) -> Asked | None:
    if bundle.dossier.state != State.WAITING:
        return None
    entry = next((one for one in reversed(bundle.entries) if one.verb == Verb.ASK), None)
    if entry is None:
        return None
    codes = set(entry.data.get("fields", []))
    fields = [one for one in bundle.definition.fields if one.code in codes]
    is_account = entry.data.get("kind") == "account"
    return Asked(entry, fields, list(entry.data.get("evidence", [])), is_account)


def is_answer_sealed(bundle: Bundle, one: Field) -> bool:
    """Say whether an answer of this question is kept sealed."""
    return rules.is_sealed(one, Confidentiality(bundle.dossier.confidentiality))


def organisations_of(bundle: Bundle) -> dict[str, Organisation]:
    """Return the organisations the timeline names, by id. One query at most."""
    ids = {entry.data["to"] for entry in bundle.entries if entry.data.get("to")}
    known = {str(task.organisation_id): task.organisation for task in bundle.tasks}
    missing = ids - known.keys()
    if missing:
        known |= {str(one.pk): one for one in Organisation.objects.filter(pk__in=missing)}
    return known
