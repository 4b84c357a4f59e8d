"""Says in one sentence where a case stands, with a date and a name."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from lianxin.kit import clock
from lianxin.procedures.models import Dossier, Task
from lianxin.procedures.rules.definition import StepKind
from lianxin.procedures.rules.machine import Outcome, State
from lianxin.ui.templatetags.ui import day, yuan

# A home page is opened thousands of times an hour: it reads what its sentences need.
_OF_DOSSIER = (
    "number", "state", "outcome", "step_index", "created_at", "submitted_at", "closed_at",
    "amount_fen", "objection_until", "confirm_until", "version__name_en", "version__name_zh_hans",
    "version__digest", "version__body", "helped_by__display_name",
)  # fmt: skip
_OF_TASK = (
    "dossier_id", "kind", "state", "due_at", "opened_at", "stopped_at", "is_objection",
    "organisation__name", "assignee__display_name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Status:
    """Where a case stands: a sentence, a chip with its tone, and how far along the way it is."""

    sentence: str
    chip: str
    tone: str
    done: int
    total: int
    more: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A person's own dossier with its running task, ready to be told."""

    dossier: Dossier
    status: Status


def cases_of(
    account_id: uuid.UUID | None, *, only_running: bool = False, limit: int = 100
) -> list[Case]:
    """List a person's own cases, the newest first. Two queries."""
    if account_id is None:
        return []
    live = Task.objects.live().select_related("organisation", "assignee").only(*_OF_TASK)
    found = (
        Dossier.objects.filter(applicant_id=account_id)
        .select_related("version", "helped_by")
        .only(*_OF_DOSSIER)
    )
    if only_running:
        found = found.running()
    found = found.prefetch_related(Prefetch("tasks", queryset=live, to_attr="live_tasks"))
    return [
        Case(dossier, status_of(dossier, next(iter(dossier.live_tasks), None)))  # type: ignore[attr-defined]  # set by Prefetch
        for dossier in found.order_by("-created_at", "-id")[:limit]
    ]


def status_of(dossier: Dossier, task: Task | None) -> Status:
    """Say where a dossier stands, to the person it belongs to."""
    total = len(dossier.definition.route) + 1
    if dossier.state == State.AWAITING:
        return _awaiting(dossier, total)
    if dossier.state == State.CLOSED or task is None:
        return _closed(dossier, total)
    done = min(dossier.step_index + 1, total - 1)
    if dossier.state == State.WAITING:
        return Status(
            _(
                "%(who)s asked you on %(day)s for one more thing. The clock stands still until you answer."
            )
            % {"who": who_has(task), "day": day(task.stopped_at or task.opened_at)},
            _("Your turn"),
            "ask",
            done,
            total,
        )
    if task.due_at < clock.now():
        return _late(task, done, total)
    words = {"who": who_has(task), "day": day(task.due_at)}
    chip = _("by %(day)s") % {"day": day(task.due_at)}
    return Status(_running(task) % words, chip, "soon", done, total)


def who_has(task: Task) -> str:
    """Name who has a task: the person where there is one, and the organisation."""
    if task.assignee is None:
        return task.organisation.name
    return _("%(person)s of %(organisation)s") % {
        "person": task.assignee.display_name,
        "organisation": task.organisation.name,
    }


def _running(task: Task) -> str:
    if task.is_objection:
        return _("%(who)s looks at it once more, as you asked, and answers by %(day)s.")
    sentences = {
        StepKind.SURVEY: _("%(who)s calls you or comes by to see how things are, by %(day)s."),
        StepKind.VISIT: _("%(who)s calls you or comes by to see how things are, by %(day)s."),
        StepKind.NOTICE: _("It is on public notice until %(day)s. Only your surname shows."),
        StepKind.CHECK: _("%(who)s has it checked with the office in charge, by %(day)s."),
        StepKind.DECISION: _("%(who)s decides by %(day)s."),
        StepKind.PAYMENT: _("%(who)s sends the money by %(day)s."),
        StepKind.ACKNOWLEDGEMENT: _("%(who)s arranges it with you by %(day)s."),
    }
    return sentences.get(
        StepKind(task.kind) if task.kind in set(StepKind) else StepKind.REVIEW,
        _("%(who)s has it and answers you by %(day)s."),
    )


def _late(task: Task, done: int, total: int) -> Status:
    return Status(
        _(
            "%(who)s should have answered by %(day)s. It has been moved up by itself; you need not ask."
        )
        % {"who": who_has(task), "day": day(task.due_at)},
        _("late"),
        "late",
        done,
        total,
        _("If it is urgent, call 12351. Please name the number of the case."),
    )


def _awaiting(dossier: Dossier, total: int) -> Status:
    who = dossier.helped_by.display_name if dossier.helped_by else ""
    return Status(
        _("%(who)s filled this in with you. It starts once you say yes, until %(day)s.")
        % {"who": who, "day": day(dossier.confirm_until)},
        _("Your turn"),
        "ask",
        0,
        total,
    )


def _closed(dossier: Dossier, total: int) -> Status:
    words = {"day": day(dossier.closed_at), "sum": yuan(dossier.amount_fen)}
    done = min(dossier.step_index + 1, total)
    if dossier.outcome == Outcome.GRANTED:
        said = (
            _("Done on %(day)s: %(sum)s yuan were granted to you.")
            if dossier.amount_fen
            else _("Done on %(day)s.")
        )
        return Status(said % words, _("done"), "yes", total, total)
    if dossier.outcome == Outcome.REFUSED:
        return Status(
            _("It was not granted, decided on %(day)s. The written decision says why.") % words,
            _("not granted"), "", done, total, _objecting(dossier),
        )  # fmt: skip
    if dossier.outcome == Outcome.WITHDRAWN:
        return Status(_("You withdrew it on %(day)s.") % words, _("withdrawn"), "", done, total)
    if dossier.outcome == Outcome.LAPSED:
        return Status(
            _("Nobody confirmed it in time, so it ended on %(day)s.") % words,
            _("ended"),
            "",
            0,
            total,
        )
    return Status(
        _("It was closed on %(day)s.") % words, _("closed"), "", done, total, _objecting(dossier)
    )


def _objecting(dossier: Dossier) -> str:
    until = dossier.objection_until
    if until is None or until < clock.now():
        return ""
    return _("You can have it looked at again one level up, until %(day)s.") % {"day": day(until)}


def running_and_closed(cases: Sequence[Case]) -> tuple[list[Case], list[Case]]:
    """Part cases into those that still run and those that are over."""
    running = [case for case in cases if case.dossier.state != State.CLOSED]
    return running, [case for case in cases if case.dossier.state == State.CLOSED]
