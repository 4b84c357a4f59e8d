"""Turns a bundle into what templates draw: stations, answers, papers, sums."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.files.api import StoredFile, file_link, files_of
from lianxin.kit import clock
from lianxin.procedures.constants import SIGNATURE, SIGNED
from lianxin.procedures.models import Task
from lianxin.procedures.policies import SIGNED_FOR
from lianxin.procedures.rules.definition import FieldKind
from lianxin.procedures.rules.income import IncomeSheet
from lianxin.procedures.rules.machine import State, TaskState
from lianxin.procedures.selectors import Bundle
from lianxin.procedures.selectors.dossiers import AnswerRow, Progress, Station
from lianxin.procedures.selectors.saying import line_said, said
from lianxin.procedures.selectors.status import who_has
from lianxin.procedures.selectors.values import findings_of
from lianxin.ui.templatetags.ui import day

DOSSIER = "dossier"


@dataclass(frozen=True)
class Stop:
    """One station as the line of stations draws it."""

    state: str
    title: str
    note: str


@dataclass(frozen=True)
class Answer:
    """One answer in words; a table has lines."""

    label: str
    value: str = ""
    lines: list[str] = field(default_factory=list)
    source: str = ""
    is_hidden: bool = False
    is_changed: bool = False
    is_number: bool = False


@dataclass(frozen=True)
class Paper:
    """One paper with its private link."""

    label: str
    url: str
    added_at: dt.datetime


def stops_of(bundle: Bundle) -> list[Stop]:
    """Draw the way: sending it, then each step; what never came once it ended early is left out."""
    dossier = bundle.dossier
    if dossier.submitted_at:
        stops = [Stop("done", _("Sent in"), day(dossier.submitted_at))]
    elif dossier.state == State.AWAITING:
        stops = [Stop("now", _("To be confirmed with the code"), day(dossier.confirm_until))]
    else:
        stops = []
    is_over = dossier.state == State.CLOSED
    return stops + [
        _stop(bundle, station)
        for station in bundle.stations
        if not (is_over and station.progress is Progress.TO_COME)
    ]


def _stop(bundle: Bundle, station: Station) -> Stop:
    title, task = str(station.step.name), station.task
    match station.progress:
        case Progress.SKIPPED:
            return Stop("done", title, _("not needed on this way"))
        case Progress.TO_COME:
            days = station.step.working_days
            return Stop(
                "ahead",
                title,
                ngettext("%(n)d working day", "%(n)d working days", days) % {"n": days},
            )
        case Progress.STOPPED:
            return Stop(
                "done", title, _("ended here, %(day)s") % {"day": day(bundle.dossier.closed_at)}
            )
        case Progress.DONE if task is not None:
            return Stop("done", title, f"{who_has(task)} · {day(task.done_at)}")
        case Progress.NOW if task is not None:
            return Stop(*_now(title, task))
    return Stop("done", title, "")


def _now(title: str, task: Task) -> tuple[str, str, str]:
    if task.state == TaskState.STOPPED:
        return "now", title, _("%(who)s waits for an answer") % {"who": who_has(task)}
    note = _("%(who)s, by %(day)s") % {"who": who_has(task), "day": day(task.due_at)}
    return "late" if task.due_at < clock.now() else "now", title, note


def answers_of(bundle: Bundle) -> list[Answer]:
    """Put all answers into words."""
    return [answer_of(row, bundle) for row in bundle.answers]


def told_of(bundle: Bundle) -> list[Answer]:
    """List what officers wrote down for the person to read: a voucher, an exam day, an address."""
    found = []
    for station in bundle.stations:
        asked = [one for one in station.step.fields if one.is_told]
        if station.task is None or not asked:
            continue
        # Written to this person; no officer opens anything here.
        values = findings_of(station.task)
        found += [
            answer_of(AnswerRow(one, values[one.code]), bundle)
            for one in asked
            if one.code in values
        ]
    return found


def answer_of(row: AnswerRow, bundle: Bundle) -> Answer:
    """Put one answer into words."""
    one, value = row.field, row.value
    lines: list[str] = []
    if isinstance(value, list) and one.kind is FieldKind.LINES:
        lines = [line_said(one.columns, cells) for cells in value]
    respondent = bundle.dossier.respondent
    if one.code == bundle.definition.respondent and respondent is not None:
        value = respondent.name
    return Answer(
        str(one.label),
        "" if lines else said(one, value),
        lines,
        row.source,
        row.is_hidden,
        row.is_changed,
        one.kind in {FieldKind.MONEY, FieldKind.WHOLE},
    )


def stored_of(bundle: Bundle) -> dict[uuid.UUID, StoredFile]:
    """Return the files of a dossier by id; no query where no paper is there."""
    if not bundle.papers:
        return {}
    found = list(files_of(DOSSIER, bundle.dossier.pk))
    if bundle.is_signed and bundle.who in SIGNED_FOR:
        found += files_of(SIGNED, bundle.dossier.pk)
    return {file.pk: file for file in found}


def papers_of(bundle: Bundle, account_id: uuid.UUID | None) -> list[Paper]:
    """List the papers with links only this reader can use."""
    if account_id is None:
        return []
    labels = {one.code: str(one.label) for one in bundle.definition.evidence}
    labels[SIGNATURE] = _("Signed application")
    stored = stored_of(bundle)
    return [
        Paper(
            labels.get(paper.code, paper.code),
            file_link(stored[paper.file_id], account_id=account_id),
            paper.added_at,
        )
        for paper in bundle.papers
        if paper.file_id in stored
    ]


def standing_of(bundle: Bundle) -> dict[str, list[StoredFile]]:
    """Return the files that are there, by the code of their paper."""
    stored = stored_of(bundle)
    found: dict[str, list[StoredFile]] = {}
    for paper in bundle.papers:
        if paper.file_id in stored:
            found.setdefault(paper.code, []).append(stored[paper.file_id])
    return found


def sums_of(sheet: IncomeSheet | None) -> list[dict[str, Any]]:
    """Write the family's arithmetic line by line, as money tables draw it."""
    if sheet is None:
        return []
    rows: list[dict[str, Any]] = [
        {
            "label": _("less: %(label)s") % {"label": line.label}
            if line.is_expense
            else str(line.label),
            "note": line.source,
            **_amount(-line.amount_fen if line.is_expense and line.amount_fen else line.amount_fen),
        }
        for line in sheet.lines
    ]
    rows.append({"label": _("What is left in a year"), **_amount(sheet.yearly_fen)})
    people = ngettext("%(n)d person", "%(n)d people", sheet.household or 0) % {
        "n": sheet.household or 0
    }
    rows.append(
        {"label": _("People living together"), "value": people if sheet.household else _("missing")}
    )
    rows.append({"label": _("A head, a month"), "is_total": True, **_amount(sheet.per_head_fen)})
    rows.append({"label": _("The local standard, a month"), **_amount(sheet.standard_fen)})
    return rows


def _amount(fen: int | None) -> dict[str, Any]:
    return {"value": _("missing")} if fen is None else {"fen": fen}


def verdict_of(bundle: Bundle) -> str:
    """Say what follows from the arithmetic."""
    sheet = bundle.income
    if sheet is None:
        return ""
    if sheet.tier is not None:
        return str(sheet.tier.name)
    return (
        _("Something is missing, so there is no class yet.")
        if sheet.missing
        else _("Above every class.")
    )


def tone_of(bundle: Bundle) -> str:
    """Return the tone of the verdict's chip: a class was found, or something is still missing."""
    sheet = bundle.income
    return "yes" if sheet and sheet.tier else "ask" if sheet and sheet.missing else ""
