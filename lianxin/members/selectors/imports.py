"""Readings of rolls as their officers see them: past runs, and the first rows as understood."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from lianxin.kit import clock
from lianxin.kit.paging import Page, page_of
from lianxin.members import policies
from lianxin.members.models import ImportRun
from lianxin.members.rules.people import id_masked, phone_masked
from lianxin.members.rules.sheet import Header, RowError, draft_of, is_data, text_of
from lianxin.orgs.api import Actor
from lianxin.vault import api as vault

SHOWN_ROWS = 6
FIELDS = {
    "name": _("Name"),
    "id_number": _("Identity number"),
    "id_kind": _("Kind of identity paper"),
    "phone": _("Mobile phone"),
    "union": _("Union"),
    "union_code": _("Code of the union"),
    "sex": _("Sex"),
    "birth_on": _("Date of birth"),
    "employer": _("Employer"),
    "industry": _("Industry"),
    "employment_form": _("Form of employment"),
    "occupation": _("Job"),
    "skill_level": _("Skill level"),
    "joined_on": _("Joined the union on"),
}


@dataclass(frozen=True)
class SeenRow:
    """A row of the preview: what was understood, or why it would not be taken."""

    name: str
    id_number: str
    phone: str
    union: str
    reason: str


@dataclass(frozen=True)
class SeenSheet:
    """A sheet of the preview: its titles, what each column was taken for, its first rows."""

    name: str
    at: int
    columns: dict[str, int]
    titles: list[str]
    is_roll: bool
    height: int
    rows: list[SeenRow]


def import_page(actor: Actor, after: str | None) -> Page[ImportRun]:
    """List the readings of rolls in an officer's reach, the latest first."""
    runs = ImportRun.objects.filter(policies.runs_in_reach(actor)).select_related("organisation")
    return page_of(runs.defer("preview"), after, size=30, order=("-started_at", "-id"))


def import_run(actor: Actor, run_id: uuid.UUID) -> ImportRun | None:
    """Return one reading, if it is in the officer's reach."""
    runs = ImportRun.objects.filter(policies.runs_in_reach(actor), pk=run_id)
    return runs.select_related("organisation").first()


def sheets_seen(run: ImportRun) -> list[SeenSheet]:
    """Show the first rows of a file with the columns as they stand now."""
    if run.preview is None:
        return []
    # For the officer who sent the file a moment ago; numbers stay masked.
    told = json.loads(vault.reveal(run, "preview"))
    return [_seen(sheet, run.columns) for sheet in told]


def _seen(sheet: dict[str, Any], said: dict[str, Any] | None) -> SeenSheet:
    name, at, columns = sheet["name"], sheet["at"], sheet["columns"]
    is_roll = sheet["is_roll"]
    if said is not None:
        is_roll = name in said
        at, columns = (said[name]["at"], said[name]["columns"]) if is_roll else (at, columns)
    rows = sheet["rows"]
    titles = [text_of(cell) for cell in rows[at]] if at < len(rows) else []
    header = Header(at, columns)
    people = [row for row in rows[at + 1 :] if is_data(row, header)][:SHOWN_ROWS]
    shown = [_row(row, header) for row in people] if {"name", "id_number"} <= set(columns) else []
    return SeenSheet(name, at, columns, titles, is_roll, sheet["height"], shown)


def _row(row: list[Any], header: Header) -> SeenRow:
    try:
        draft = draft_of(row, header, today=clock.today())
    except RowError as error:
        at = header.columns["name"]
        name = text_of(row[at]) if at < len(row) else ""
        return SeenRow(name, "", "", "", error.reason)
    number = id_masked(draft.identity.number)
    return SeenRow(draft.name, number, phone_masked(draft.phone), " ".join(draft.union_words), "")


def import_began(run_id: uuid.UUID) -> dt.datetime | None:
    """Return when a reading of a roll began: whatever it changed, it changed since."""
    return ImportRun.objects.filter(pk=run_id).values_list("started_at", flat=True).first()
