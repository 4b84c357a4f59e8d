"""A run over a whole file: batches, exactly once, from the start or from where it was cut off."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection
from django.db.models import F
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, StaleError
from lianxin.kit.transactions import atomic, room_for_bulk
from lianxin.members import policies
from lianxin.members.adapters.reading import Reader, ReadingError, Sheet
from lianxin.members.events import MembersImported
from lianxin.members.models import ImportMark, ImportRejection, ImportRun
from lianxin.members.services.importing.deciding import Batch, Decider
from lianxin.members.services.importing.places import Places
from lianxin.members.services.importing.rejecting import rejections_to_path, warned_of
from lianxin.members.services.importing.source import Source, UnreadableError, on_disk
from lianxin.members.services.importing.storing import copy_rows, insert_members, update_members
from lianxin.orgs.api import Actor, Level, Organisation, below_q, member_counts_add

Progress = Callable[[int], None]
# What remains to be done with the rows that were not taken, while the file is still open.
GiveBack = Callable[[Reader, Mapping[int, str]], None]


@dataclass
class Outcome:
    """What became of a file; the five counts add up. Those warned of are among the taken."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    duplicate: int = 0
    rejected: int = 0
    warned: int = 0

    def plain(self) -> dict[str, int]:
        """Return the counts by name."""
        return asdict(self)

    def add(self, batch: Batch) -> None:
        """Count a batch in."""
        self.rows += batch.rows
        self.created += len(batch.created)
        self.updated += len(batch.updated)
        self.duplicate += batch.duplicate
        self.rejected += len(batch.rejected)
        self.warned += len(batch.warned)


class CancelledError(Exception):
    """Somebody stopped the run; what was taken stays, and another run finds it there."""


def default_batch() -> int:
    """Return how many rows a transaction takes: SQLite has one write lock for everybody."""
    return 2000 if connection.vendor == "sqlite" else 5000


def members_import(
    *,
    actor: Actor,
    path: Path,
    organisation: Organisation,
    is_dry_run: bool = False,
    is_resumed: bool = False,
    errors_path: Path | None = None,
    progress: Progress = lambda _rows: None,
    batch_size: int | None = None,
) -> Outcome:
    """Read a roll into `organisation`, and into those below it where the actor reaches them.

    A dry run decides everything and writes nothing but the error workbook. A resumed run goes on
    behind the last batch that was stored, or reports the run of this file that came to its end.
    Read again from the start, a file that is in the base already changes nothing: all duplicates.
    Publishes `MembersImported`. Raises RefusedError for a file that holds no roll.
    """
    if not policies.may_import(actor, organisation.path):
        raise ForbiddenError(_("You may not import members into this union."))
    source = on_disk(path)

    def give_back(reader: Reader, reasons: Mapping[int, str]) -> None:
        if errors_path is not None and reasons:
            rejections_to_path(errors_path, reader, reasons)

    if is_dry_run:
        return rehearse(
            source, organisation, None, give_back, progress=progress, batch_size=batch_size,
            takes_below=reaches_below(actor, organisation),
        )  # fmt: skip
    run = _run(actor, source, organisation, is_resumed=is_resumed)
    try:
        return carry_out(run, source, give_back, progress=progress, batch_size=batch_size)
    except UnreadableError:
        ImportRun.objects.filter(pk=run.pk, position=0).update(state=ImportRun.State.ABANDONED)
        raise


def rehearse(
    source: Source,
    organisation: Organisation,
    columns: Any,
    give_back: GiveBack,
    *,
    progress: Progress = lambda _rows: None,
    batch_size: int | None = None,
    takes_below: bool = True,
) -> Outcome:
    """Decide over every row and write nothing."""
    outcome = Outcome()
    reasons: dict[int, str] = {}
    with source.reader(columns=columns, batch=batch_size or default_batch()) as reader:
        decider = Decider(
            Places(organisation, takes_below=takes_below),
            needs_union=_needs_union(organisation, reader.sheets),
        )
        for first, rows in _numbered(reader):
            batch = decider.decide(first, rows)
            outcome.add(batch)
            reasons |= batch.rejected | batch.warned
            progress(outcome.rows)
        give_back(reader, reasons)
    return outcome


def carry_out(
    run: ImportRun,
    source: Source,
    give_back: GiveBack,
    *,
    progress: Progress = lambda _rows: None,
    batch_size: int | None = None,
) -> Outcome:
    """Bring a run to its end, from wherever it stands.

    Raises:
        CancelledError: somebody stopped it meanwhile.
        StaleError: somebody else carries it out at the same moment.
    """
    with (
        source.reader(columns=run.columns, batch=batch_size or default_batch()) as reader,
        room_for_bulk(),
    ):
        if run.state == ImportRun.State.RUNNING:
            organisation = run.organisation
            decider = Decider(
                Places(organisation, takes_below=run.takes_below),
                needs_union=_needs_union(organisation, reader.sheets),
            )
            for first, rows in _numbered(reader):
                settled = min(max(run.position - first + 1, 0), len(rows))
                decider.remember(rows[:settled])
                if settled < len(rows):
                    _settle(run, decider, first + settled, rows[settled:])
                    progress(run.position)
        else:
            for _batch in _numbered(reader):
                pass
        give_back(reader, dict(run.rejections.values_list("row_number", "reason")))
    _finish(run)
    warned = warned_of(run)
    return Outcome(run.rows, run.created, run.updated, run.duplicate, run.rejected, warned)


def reaches_below(actor: Actor, organisation: Organisation) -> bool:
    """Say whether a roll of this union takes in those below: there are some, and the actor reaches them."""
    if not policies.may_import_below(actor, organisation.path):
        return False
    below = Organisation.objects.filter(below_q(organisation.path, prefix=""))
    return bool(below.exclude(pk=organisation.pk).exists())


def _needs_union(organisation: Organisation, sheets: Collection[Sheet]) -> bool:
    is_leaf = organisation.level in {Level.GRASSROOTS, Level.GROUP} or not organisation.numchild
    if not is_leaf and not all({"union", "union_code"} & set(one.columns) for one in sheets):
        raise UnreadableError("union_column")
    return not is_leaf


def _numbered(reader: Reader) -> Iterator[tuple[int, list[list[Any]]]]:
    first = 1
    try:
        for rows in reader.batches():
            yield first, rows
            first += len(rows)
    except ReadingError as error:
        raise UnreadableError(error.code) from None


def _run(
    actor: Actor, source: Source, organisation: Organisation, *, is_resumed: bool
) -> ImportRun:
    over = (ImportRun.State.ABANDONED, ImportRun.State.CANCELLED, ImportRun.State.FAILED)
    with atomic():
        before = (
            ImportRun.objects.select_for_update()
            .filter(organisation=organisation, file_digest=source.digest, file_id=None)
            .exclude(state__in=over)
            .order_by("-started_at")
            .first()
        )
        if before is not None and is_resumed:
            return before
        if before is not None and before.state == ImportRun.State.RUNNING:
            before.state = ImportRun.State.ABANDONED
            before.save(update_fields=["state"])
        return ImportRun.objects.create(
            organisation=organisation,
            takes_below=reaches_below(actor, organisation),
            file_digest=source.digest,
            file_name=source.name[:200],
            started_by=actor.account_id,
        )


def _settle(run: ImportRun, decider: Decider, first: int, rows: list[list[Any]]) -> None:
    batch = decider.decide(first, rows)
    try:
        _store(run, batch)
    except IntegrityError:
        # Somebody entered one of these people between our look and our insert: look once more.
        decider.forget()
        _store(run, decider.decide(first, rows))
    run.refresh_from_db()


def _store(run: ImportRun, batch: Batch) -> None:
    with atomic():
        moved = ImportRun.objects.filter(
            pk=run.pk, position=run.position, state=ImportRun.State.RUNNING
        ).update(
            position=batch.last,
            rows=F("rows") + batch.rows,
            created=F("created") + len(batch.created),
            updated=F("updated") + len(batch.updated),
            duplicate=F("duplicate") + batch.duplicate,
            rejected=F("rejected") + len(batch.rejected),
        )
        if not moved:
            raise _interrupted(run)
        ids = insert_members(batch.created)
        update_members(batch.updated)
        copy_rows(
            ImportRejection._meta.db_table,
            ("run_id", "row_number", "reason"),
            [(run.pk, *told) for told in (batch.rejected | batch.warned).items()],
        )
        if run.kind == ImportRun.Kind.YEARLY:
            marks = [(run.pk, pk) for pk in dict.fromkeys([*ids, *batch.named])]
            copy_rows(ImportMark._meta.db_table, ("run_id", "member_id"), marks)
        member_counts_add(batch.joined_paths)


def _interrupted(run: ImportRun) -> Exception:
    if ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.CANCELLED).exists():
        return CancelledError()
    return StaleError(_("This file is being read by somebody else at the same moment."))


def _finish(run: ImportRun) -> None:
    with atomic():
        done = ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.RUNNING).update(
            state=ImportRun.State.DONE, finished_at=clock.now(), preview=None
        )
        if done:
            audit.record(
                actor_id=run.started_by,
                action="members.imported",
                kind="members.ImportRun",
                object_id=run.pk,
                detail={"rows": run.rows, "created": run.created, "updated": run.updated},
            )
            jobs.publish(
                MembersImported(
                    run_id=run.pk,
                    organisation_id=run.organisation_id,
                    created=run.created,
                    updated=run.updated,
                )
            )
