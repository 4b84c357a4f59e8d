"""A roll read from the desk: sent, looked at, checked, started, stopped."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.files import api as files
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.members import conf, policies
from lianxin.members.adapters.reading import Reader
from lianxin.members.models import ImportRun
from lianxin.members.rules.sheet import HEADERS
from lianxin.members.services.importing.rejecting import rejections_in_memory
from lianxin.members.services.importing.running import (
    CancelledError,
    carry_out,
    reaches_below,
    rehearse,
)
from lianxin.members.services.importing.source import (
    REJECTIONS,
    ROLL_FILE,
    UnreadableError,
    in_store,
)
from lianxin.members.services.sentences import sentence
from lianxin.orgs.api import Actor, Organisation

State = ImportRun.State
WAITING = (State.RECEIVED, State.READY)
WORKING = (State.RECEIVED, State.CHECKING, State.RUNNING)
ROLL_KEPT = dt.timedelta(days=7)
REJECTIONS_KEPT = dt.timedelta(days=30)
_TABLES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def import_receive(
    *, actor: Actor, organisation: Organisation, upload: UploadedFile[Any], kind: ImportRun.Kind
) -> ImportRun:
    """Take a roll in, sealed, and have it looked at; sent twice, it is one run.

    Raises:
        RefusedError: too large, empty, or plainly no table.
    """
    _check(actor, organisation)
    if actor.account_id is None:
        raise ForbiddenError(_("Please sign in first."))
    if (upload.size or 0) > conf.largest():
        raise RefusedError(sentence("file_large"), field="file")
    if problem := _no_table(upload):
        raise RefusedError(sentence(problem), field="file")
    run = ImportRun(
        organisation=organisation,
        takes_below=reaches_below(actor, organisation),
        kind=kind,
        file_name=(upload.name or "")[:200],
        started_by=actor.account_id,
        state=State.RECEIVED,
    )
    kept = files.file_keep(
        actor_id=actor.account_id,
        file=upload,
        name=upload.name or "",
        kind=files.Kind.TABLE,
        purpose="members.roll",
        object_kind=ROLL_FILE,
        object_id=run.pk,
        expires_at=clock.now() + ROLL_KEPT,
    )
    run.file_id, run.file_digest = kept.pk, kept.sha256
    with atomic():
        if same := _same(run):
            files.object_erase(ROLL_FILE, run.pk)
            return same
        run.save(force_insert=True)
        jobs.enqueue(
            "members.preview_import",
            payload={"run_id": str(run.pk)},
            key=f"members.preview:{run.pk}",
        )
    return run


def import_columns_set(*, actor: Actor, run: ImportRun, columns: Mapping[str, Any]) -> None:
    """Keep what a person says the columns are: by sheet, the header's row and its columns."""
    _check_run(actor, run)
    if not columns or not all(
        {"name", "id_number"} <= set(said["columns"]) for said in columns.values()
    ):
        raise RefusedError(
            _(
                "Please say for at least one sheet which column holds the name and which the identity number."
            )
        )
    known = {sheet: _known(said) for sheet, said in columns.items()}
    ImportRun.objects.filter(pk=run.pk, state=State.READY).update(columns=known, checked=None)


def import_check(*, actor: Actor, run: ImportRun) -> None:
    """Have the whole file decided over without writing anything; a repeat changes nothing."""
    _go_on(actor, run, State.CHECKING, "members.check_import")


def import_start(*, actor: Actor, run: ImportRun) -> None:
    """Have the file read into the roll; a repeat changes nothing."""
    _go_on(actor, run, State.RUNNING, "members.carry_out_import")


def import_cancel(*, actor: Actor, run: ImportRun) -> None:
    """Stop a run. What it has taken already stays; the file is removed."""
    _check_run(actor, run)
    with atomic():
        stopped = ImportRun.objects.filter(pk=run.pk, state__in=[*WAITING, *WORKING]).update(
            state=State.CANCELLED, finished_at=clock.now(), preview=None
        )
        if stopped:
            files.object_erase(ROLL_FILE, run.pk, actor_id=actor.account_id)
            _record(actor.account_id, "members.import_cancelled", run)


def run_looked_at(run: ImportRun) -> None:
    """Look at a file that was sent, for the preview; idempotent."""
    if run.state != State.RECEIVED:
        return
    try:
        with in_store(run).reader(is_preview=True) as reader:
            shown = [vars(sheet) for sheet in reader.sheets if sheet.rows]
    except UnreadableError as error:
        _fail(run, error.code)
        return
    run.preview = json.dumps(shown, ensure_ascii=False)
    run.state = State.READY
    with atomic():
        if ImportRun.objects.select_for_update().filter(pk=run.pk, state=State.RECEIVED).exists():
            run.save(update_fields=["preview", "state"])


def run_checked(run: ImportRun) -> None:
    """Decide over every row for a look ahead; idempotent."""
    if run.state != State.CHECKING:
        return
    try:
        outcome = rehearse(
            in_store(run), run.organisation, run.columns, _give_back(run),
            takes_below=run.takes_below,
        )  # fmt: skip
    except UnreadableError as error:
        _fail(run, error.code)
        return
    ImportRun.objects.filter(pk=run.pk, state=State.CHECKING).update(
        state=State.READY, checked=outcome.plain()
    )


def run_carried_out(run: ImportRun) -> None:
    """Bring a started run to its end; goes on where it was cut off."""
    if run.state != State.RUNNING:
        return
    try:
        carry_out(run, in_store(run), _give_back(run))
    except CancelledError:
        return
    except UnreadableError as error:
        _fail(run, error.code)
        return
    files.object_erase(ROLL_FILE, run.pk)


def _give_back(run: ImportRun) -> Any:
    def keep(reader: Reader, reasons: Mapping[int, str]) -> None:
        files.object_erase(REJECTIONS, run.pk)
        if not reasons or run.started_by is None:
            return
        kept = files.file_keep(
            actor_id=run.started_by,
            file=rejections_in_memory(reader, reasons),
            name=_("Rows not taken") + ".xlsx",
            kind=files.Kind.XLSX,
            purpose="members.rejections",
            object_kind=REJECTIONS,
            object_id=run.pk,
            expires_at=clock.now() + REJECTIONS_KEPT,
        )
        ImportRun.objects.filter(pk=run.pk).update(errors_file_id=kept.pk)

    return keep


def _go_on(actor: Actor, run: ImportRun, state: State, job: str) -> None:
    _check_run(actor, run)
    with atomic():
        begun = ImportRun.objects.filter(pk=run.pk, state=State.READY).update(
            state=state, started_at=clock.now()
        )
        if begun:
            jobs.enqueue(job, payload={"run_id": str(run.pk)})
            _record(actor.account_id, "members.import_started", run)


def _fail(run: ImportRun, code: str) -> None:
    with atomic():
        failed = ImportRun.objects.filter(pk=run.pk, state__in=WORKING).update(
            state=State.FAILED, fault=code, finished_at=clock.now(), preview=None
        )
        if failed:
            files.object_erase(ROLL_FILE, run.pk)


def _check_run(actor: Actor, run: ImportRun) -> None:
    if not policies.may_follow(actor, run):
        raise ForbiddenError(_("You may not import members into this union."))


def _check(actor: Actor, organisation: Organisation) -> None:
    if not policies.may_import(actor, organisation.path):
        raise ForbiddenError(_("You may not import members into this union."))


def _same(run: ImportRun) -> ImportRun | None:
    return ImportRun.objects.filter(
        organisation=run.organisation, file_digest=run.file_digest, started_by=run.started_by,
        kind=run.kind, takes_below=run.takes_below, state__in=[*WAITING, *WORKING],
    ).first()  # fmt: skip


def _no_table(upload: UploadedFile[Any]) -> str:
    """Judge by the first bytes, never by the name; the reader looks closer."""
    start: bytes = upload.read(512)
    upload.seek(0)
    if not start.strip():
        return "file_empty"
    if start.startswith((*_TABLES, b"\xff\xfe", b"\xfe\xff")):
        return ""
    return (
        "file_kind"
        if b"\0" in start or start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8"))
        else ""
    )


def _known(said: Mapping[str, Any]) -> dict[str, Any]:
    columns = {field: int(at) for field, at in said["columns"].items() if field in HEADERS}
    return {"at": int(said["at"]), "columns": columns}


def _record(account_id: Any, action: str, run: ImportRun) -> None:
    audit.record(
        actor_id=account_id, action=action, kind="members.ImportRun", object_id=run.pk,
        detail={"organisation": str(run.organisation_id), "kind": run.kind},
    )  # fmt: skip
