"""Taking over a table of stations: looked at first, in batches, each row once, stopped at any time."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.files import api as files
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.ids import new_id
from lianxin.kit.transactions import atomic
from lianxin.members.api import table_rows
from lianxin.orgs.api import Actor, Organisation, actor_of
from lianxin.stations import policies
from lianxin.stations.constants import codes
from lianxin.stations.models import Station, StationImport
from lianxin.stations.rules.hours import week_packed
from lianxin.stations.rules.places import Datum
from lianxin.stations.rules.sheets import Draft, Row, RowError, columns_of, draft_of, is_empty
from lianxin.stations.selectors.reach import union_below
from lianxin.stations.services.editing import (
    Entry,
    entry_checked,
    hours_set,
    station_change,
    station_found,
)

FILE = "stations.import"
JOB = "stations.run_import"
KEPT = dt.timedelta(days=30)
MOST_ROWS = 20_000
LARGEST = 10 * 2**20
A_BATCH = 50
MOST_PROBLEMS = 1000
MOST_SHOWN = 20
PLACE = ("district_name", "street_name", "address")
State = StationImport.State


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: its number, what it says, or why it cannot be taken."""

    number: int
    draft: Draft | None
    problem: str = ""
    piece: str = ""


def import_receive(
    *, actor: Actor, organisation: Organisation, upload: UploadedFile[Any], datum: Datum
) -> StationImport:
    """Keep a table and look at it; nothing is written down yet.

    Raises:
        ForbiddenError: the union is not in the actor's reach.
        RefusedError: it cannot be read, or holds no stations.
    """
    if actor.account_id is None or not policies.may_found(actor, organisation.path):
        raise ForbiddenError(_("You do not look after the stations of this union."))
    if (upload.size or 0) > LARGEST:
        raise RefusedError(_("This file is too large. Please send it in parts."), field="file")
    data = upload.read()
    lines = list(lines_of(data, datum))
    run = StationImport(
        id=new_id(), organisation=organisation, sent_by=actor.account_id,
        file_name=(upload.name or "")[-120:], datum=datum, rows=len(lines),
    )  # fmt: skip
    run.seen, run.problems = Known(organisation, lines).seen()
    files.file_keep(
        actor_id=actor.account_id, file=io.BytesIO(data), name=run.file_name, kind=files.Kind.TABLE,
        purpose=FILE, object_kind=FILE, object_id=run.pk, expires_at=clock.now() + KEPT,
    )  # fmt: skip
    with atomic():
        run.save(force_insert=True)
        _record(actor.account_id, "stations.import_received", run)
    return run


def lines_of(data: bytes, datum: Datum) -> Iterator[Line]:
    """Understand a table row by row; empty ones are passed over.

    Raises:
        RefusedError: it cannot be read, or has no title for the name of a station.
    """
    rows = table_rows(data, most=MOST_ROWS)
    columns = columns_of(rows)
    if columns is None:
        raise RefusedError(
            _("No row of titles was found: there must be a column for the name of the station."),
            field="file",
        )
    words = _words()
    for at in range(columns.at + 1, len(rows)):
        row: Row = rows[at]
        if is_empty(row):
            continue
        try:
            yield Line(at + 1, draft_of(row, columns, datum=datum, words=words))
        except RowError as error:
            yield Line(at + 1, None, error.code, error.piece)


def _words() -> dict[str, str]:
    found: dict[str, str] = {}
    for prefix, entries in (("kind", codes().kinds), ("facility", codes().facilities)):
        for code, one in entries.items():
            for word in (code, one.label.en, one.label.zh_Hans):
                found[f"{prefix}:{word.casefold()}"] = code
    return found


def import_start(*, actor: Actor, run: StationImport) -> None:
    """Begin to take a table over; begun already, nothing happens.

    Raises:
        RefusedError: the table was sent too long ago.
    """
    _check(actor, run)
    if run.state == State.READY:
        content_of(run)
    with atomic():
        held = StationImport.objects.select_for_update().get(pk=run.pk)
        if held.state != State.READY:
            return
        held.state, held.problems = State.RUNNING, []
        held.save(update_fields=["state", "problems"])
        jobs.enqueue(JOB, payload={"run_id": str(run.pk)}, key=f"{JOB}:{run.pk}")
        _record(actor.account_id, "stations.import_started", held)


def import_cancel(*, actor: Actor, run: StationImport) -> None:
    """Stop; what was taken over stays, and the same file sent again changes nothing of it."""
    _check(actor, run)
    with atomic():
        held = StationImport.objects.select_for_update().get(pk=run.pk)
        if held.state not in {State.READY, State.RUNNING}:
            return
        held.state, held.finished_at = State.CANCELLED, clock.now()
        held.save(update_fields=["state", "finished_at"])
        _record(actor.account_id, "stations.import_cancelled", held)


def import_run(*, run_id: uuid.UUID) -> None:
    """Take a table over to its end; run again after a kill it goes on where it was."""
    run = StationImport.objects.select_related("organisation").get(pk=run_id)
    if run.state != State.RUNNING:
        return
    lines = list(lines_of(content_of(run), Datum(run.datum)))
    while True:
        with atomic():
            held = StationImport.objects.select_for_update().get(pk=run_id)
            if held.state != State.RUNNING:
                return
            actor = actor_of(held.sent_by)
            for line in lines[held.done : held.done + A_BATCH]:
                _take(actor, held, run.organisation, line)
            held.done = min(held.done + A_BATCH, len(lines))
            if held.done >= len(lines):
                held.state, held.finished_at = State.DONE, clock.now()
                _record(held.sent_by, "stations.import_done", held)
            held.save()
            if held.state == State.DONE:
                return


def content_of(run: StationImport) -> bytes:
    """Return the table of a run.

    Raises:
        RefusedError: it was sent too long ago.
    """
    kept = files.files_of(FILE, run.pk).first()
    if kept is None:
        raise RefusedError(_("This file was sent too long ago. Please send it once more."))
    return b"".join(files.file_parts(kept))


def _take(actor: Actor, run: StationImport, organisation: Organisation, line: Line) -> None:
    """Take one row over; its batch is one transaction with how far the run has come."""
    if line.draft is None:
        _problem(run, line.number, line.problem, line.piece)
        return
    if line.draft.unknown:
        _problem(run, line.number, "facility", " ".join(line.draft.unknown))
    try:
        what = _taken(actor, organisation, line.draft)
    except RefusedError as refused:
        _problem(run, line.number, "refused", refused.message)
    else:
        setattr(run, what, getattr(run, what) + 1)


def _taken(actor: Actor, organisation: Organisation, draft: Draft) -> str:
    union = _union_of(union_below(organisation, draft.union), draft)
    found = Known(organisation, [Line(0, draft)]).twin(union, draft)
    if found is None:
        station_found(
            actor=actor, organisation=union, entry=entry_of(draft), week=draft.week, code=draft.code
        )
        return "made"
    if not would_change(found, draft):
        return "same"
    station_change(actor=actor, station_id=found.pk, entry=entry_of(draft, found))
    if draft.week is not None:
        hours_set(actor=actor, station_id=found.pk, week=draft.week)
    return "changed"


class Known:
    """The stations some rows may be about, found at once however many rows there are."""

    def __init__(self, organisation: Organisation, lines: Sequence[Line]) -> None:
        drafts = [line.draft for line in lines if line.draft is not None]
        self._organisation = organisation
        self._lines = lines
        self._unions: dict[str, Organisation | None] = {}
        asked = {draft.code for draft in drafts if draft.code}
        names = {draft.values["name"] for draft in drafts if not draft.code}
        rows = Station.objects.select_related("organisation")
        self._by_code = {one.code: one for one in rows.filter(code__in=asked)}
        self._by_name: dict[tuple[uuid.UUID, str], list[Station]] = {}
        for one in rows.filter(name__in=names, ended_on=None).order_by("pk"):
            self._by_name.setdefault((one.organisation_id, one.name), []).append(one)

    def union(self, code: str) -> Organisation | None:
        """Return the union of a code below the one the table is for."""
        if code not in self._unions:
            self._unions[code] = union_below(self._organisation, code)
        return self._unions[code]

    def twin(self, union: Organisation, draft: Draft) -> Station | None:
        """Find the station a row is about: by its code, else by name and address at its union.

        Raises:
            RefusedError: the code belongs to a station of another union.
        """
        if draft.code:
            found = self._by_code.get(draft.code)
            if found is not None and found.organisation_id != union.pk:
                raise RefusedError(_("Another union has a station of this code."), field="code")
            return found
        same = self._by_name.get((union.pk, draft.values["name"]), [])
        address = draft.values.get("address")
        return next((one for one in same if address is None or one.address == address), None)

    def seen(self) -> tuple[dict[str, Any], list[list[Any]]]:
        """Say what taking the rows over would do: counts, the first ones as examples, the problems."""
        counts = dict.fromkeys(("made", "changed", "same", "wrong"), 0)
        shown: list[list[Any]] = []
        problems: list[list[Any]] = []
        for line in self._lines:
            what, problem, piece = self._would(line)
            counts[what] += 1
            if problem:
                problems.append([line.number, problem, piece])
            if len(shown) < MOST_SHOWN and line.draft is not None:
                told = line.draft.values
                place = " ".join(told.get(name, "") for name in PLACE).strip()
                shown.append([line.number, told["name"], place, what])
        return {"counts": counts, "shown": shown}, problems[:MOST_PROBLEMS]

    def _would(self, line: Line) -> tuple[str, str, str]:
        """Say what would become of a row: made, changed, same or wrong; the reason; what exactly."""
        draft = line.draft
        if draft is None:
            return "wrong", line.problem, line.piece
        note = ("facility", " ".join(draft.unknown)) if draft.unknown else ("", "")
        try:
            found = self.twin(_union_of(self.union(draft.union), draft), draft)
            if found is None:
                entry_checked(entry_of(draft))
                return "made", *note
            return "changed" if would_change(found, draft) else "same", *note
        except RefusedError as refused:
            return "wrong", "refused", refused.message


def _union_of(found: Organisation | None, draft: Draft) -> Organisation:
    if found is None:
        raise RefusedError(_("There is no union of the code %(code)s.") % {"code": draft.union})
    return found


def entry_of(draft: Draft, station: Station | None = None) -> Entry:
    """Return the entry a row makes: over what is known already, where the table has no column."""
    told = {name: value for name, value in draft.values.items() if name not in {"code", "union"}}
    known: dict[str, Any] = {}
    if station is not None:
        known = {name: getattr(station, name) for name in Entry.__dataclass_fields__}
    merged = {"name": "", "division_code": "", "district_name": "", **known, **told}
    return Entry(**merged | {"facilities": tuple(merged.get("facilities", ()))})


def would_change(station: Station, draft: Draft) -> bool:
    """Say whether a row says anything new of a station."""
    columns = entry_checked(entry_of(draft, station)).columns()
    if any(getattr(station, name) != value for name, value in columns.items()):
        return True
    return draft.week is not None and week_packed(draft.week) != station.week


def _problem(run: StationImport, number: int, code: str, piece: str) -> None:
    if len(run.problems) < MOST_PROBLEMS:
        run.problems = [*run.problems, [number, code, piece]]


def _check(actor: Actor, run: StationImport) -> None:
    if not policies.may_found(actor, run.organisation.path):
        raise ForbiddenError(_("You do not look after the stations of this union."))


def _record(account_id: uuid.UUID | None, action: str, run: StationImport) -> None:
    counts = {name: getattr(run, name) for name in ("rows", "made", "changed", "same")}
    audit.record(
        actor_id=account_id, action=action, kind="stations.StationImport", object_id=run.pk,
        detail=counts,
    )  # fmt: skip
