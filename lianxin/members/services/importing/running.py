"""A run over a whole file: batches, exactly once, from the start or from where it was cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import IntegrityError
from django.db.models import F
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.transactions import atomic
from lianxin.members.events import MembersImported
from lianxin.members.models import ImportRejection, ImportRun, Member
from lianxin.members.services.importing.deciding import CHANGEABLE, Batch, Decider, Places
from lianxin.members.services.importing.inserting import insert_members
from lianxin.members.services.importing.reading import Roll, SheetRow
from lianxin.members.services.importing.rejecting import write_rejections
from lianxin.orgs.api import Ability, Actor, Level, Organisation, member_counts_add

BATCH = 2000
Progress = Callable[[int], None]


@dataclass
class Outcome:
    """What became of a file; the five counts add up."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    duplicate: int = 0
    rejected: int = 0

    def plain(self) -> dict[str, int]:
        """Return the counts by name."""
        return asdict(self)


def members_import(
    *,
    actor: Actor,
    path: Path,
    organisation: Organisation,
    is_dry_run: bool = False,
    is_resumed: bool = False,
    errors_path: Path | None = None,
    progress: Progress = lambda _rows: None,
    batch_size: int = BATCH,
) -> Outcome:
    """Read a roll into the unions at and below `organisation`.

    A dry run decides everything and writes nothing but the error workbook. A resumed run goes on
    behind the last batch that was stored, or reports the run of this file that came to its end.
    Read again from the start, a file that is in the base already changes nothing: all duplicates.
    Publishes `MembersImported`. Raises RefusedError for a file that holds no roll.
    """
    if not actor.can(Ability.MEMBER_IMPORT, organisation.path):
        raise ForbiddenError(_("You may not import members into this union."))
    roll = Roll(path)
    needs_union = _needs_union(organisation, roll)
    decider = Decider(Places(organisation), needs_union=needs_union)
    if is_dry_run:
        outcome, reasons = _rehearse(roll, decider, progress, batch_size)
    else:
        run = _run(actor, roll, organisation, is_resumed=is_resumed)
        _carry_out(actor, run, roll, decider, progress, batch_size=batch_size)
        outcome = Outcome(run.rows, run.created, run.updated, run.duplicate, run.rejected)
        reasons = dict(run.rejections.values_list("row_number", "reason"))
    if errors_path is not None and reasons:
        write_rejections(errors_path, roll, reasons)
    return outcome


def _needs_union(organisation: Organisation, roll: Roll) -> bool:
    is_leaf = organisation.level in {Level.GRASSROOTS, Level.GROUP} or not organisation.numchild
    if not is_leaf and not roll.has_unions:
        raise RefusedError(
            _("The file has no column for the union, and %(name)s has unions below it.")
            % {"name": organisation.name}
        )
    return not is_leaf


def _rehearse(
    roll: Roll, decider: Decider, progress: Progress, batch_size: int
) -> tuple[Outcome, dict[int, str]]:
    outcome = Outcome()
    reasons: dict[int, str] = {}
    for rows in _batches(iter(roll), batch_size):
        batch = decider.decide(rows)
        outcome.rows += batch.rows
        outcome.created += len(batch.created)
        outcome.updated += len(batch.updated)
        outcome.duplicate += batch.duplicate
        outcome.rejected += len(batch.rejected)
        reasons |= batch.rejected
        progress(outcome.rows)
    return outcome, reasons


def _run(actor: Actor, roll: Roll, organisation: Organisation, *, is_resumed: bool) -> ImportRun:
    with atomic():
        before = (
            ImportRun.objects.select_for_update()
            .filter(organisation=organisation, file_digest=roll.digest)
            .exclude(state=ImportRun.State.ABANDONED)
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
            file_digest=roll.digest,
            file_name=roll.path.name[:200],
            started_by=actor.account_id,
        )


def _carry_out(
    actor: Actor,
    run: ImportRun,
    roll: Roll,
    decider: Decider,
    progress: Progress,
    *,
    batch_size: int,
) -> None:
    if run.state == ImportRun.State.DONE:
        return
    rows = iter(roll)
    for _settled in range(run.position):
        decider.remember(next(rows))
    for batch_rows in _batches(rows, batch_size):
        _settle(run, decider, batch_rows)
        progress(run.position)
    _finish(actor, run)


def _settle(run: ImportRun, decider: Decider, rows: Sequence[SheetRow]) -> None:
    batch = decider.decide(rows)
    try:
        _store(run, batch)
    except IntegrityError:
        # Somebody entered one of these people between our look and our insert: look once more.
        decider.forget()
        _store(run, decider.decide(rows))
    run.refresh_from_db()


def _store(run: ImportRun, batch: Batch) -> None:
    with atomic():
        insert_members(batch.created)
        if batch.updated:
            columns = [*CHANGEABLE, "phone", "phone_index", "phone_tail", "updated_at"]
            Member.objects.bulk_update(batch.updated, columns, batch_size=200)
        ImportRejection.objects.bulk_create(
            [ImportRejection(run=run, row_number=n, reason=r) for n, r in batch.rejected.items()]
        )
        member_counts_add(batch.joined_paths)
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
            raise StaleError(_("This file is being read by somebody else at the same moment."))


def _finish(actor: Actor, run: ImportRun) -> None:
    with atomic():
        done = ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.RUNNING).update(
            state=ImportRun.State.DONE, finished_at=clock.now()
        )
        if done:
            audit.record(
                actor_id=actor.account_id,
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


def _batches(rows: Iterator[SheetRow], size: int) -> Iterator[list[SheetRow]]:
    batch: list[SheetRow] = []
    for row in rows:
        batch.append(row)
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch
