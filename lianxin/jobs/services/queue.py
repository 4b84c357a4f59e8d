"""The table of jobs: putting work in, taking it under a lease, doing it, marking it once."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from lianxin.jobs import conf, rules
from lianxin.jobs.models import Job
from lianxin.jobs.rules import Lane, State
from lianxin.jobs.services.faults import fault_of
from lianxin.jobs.services.registry import KINDS, JobKind
from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.kit.transactions import atomic

log = logging.getLogger(__name__)


class LeaseLostError(Exception):
    """The work was given to another worker meanwhile; what this one did is rolled back."""


def enqueue(
    name: str,
    *,
    payload: Mapping[str, Any] | None = None,
    run_at: dt.datetime | None = None,
    key: str | None = None,
) -> None:
    """Put a job into the queue with the running transaction.

    With a `key` that any job has, finished or not, nothing changes.

    Raises:
        LookupError: no job is registered under this name.
    """
    if name not in KINDS:
        raise LookupError(f"no job is registered as {name!r}")
    row = Job(
        id=new_id(),
        name=name,
        lane=KINDS[name].lane,
        key=key,
        payload=dict(payload or {}),
        run_at=run_at or clock.now(),
    )
    if key is None:
        row.save(force_insert=True)
        return
    with atomic():
        if not Job.objects.filter(key=key).exists():
            Job.objects.bulk_create([row], ignore_conflicts=True)


def cancel(key: str) -> None:
    """Take a job that has not begun out of the queue; its key is free again."""
    with atomic():
        Job.objects.filter(key=key, state__in=[State.WAITING, State.DEAD]).delete()


def job_claim(*, lane: Lane, worker: str, now: dt.datetime) -> Job | None:
    """Lease the job of this lane that has been due longest."""
    due = Job.objects.filter(lane=lane, state=State.WAITING, run_at__lte=now).order_by(
        "run_at", "id"
    )
    if not due.exists():
        return None
    with atomic():
        row = due.select_for_update(skip_locked=True).first()
        if row is None:
            return None
        row.state, row.leased_by = State.RUNNING, worker
        row.started_at = clock.now()
        row.lease_until = row.started_at + conf.lease()
        taken = Job.objects.filter(pk=row.pk, state=State.WAITING).update(
            state=row.state,
            leased_by=row.leased_by,
            started_at=row.started_at,
            lease_until=row.lease_until,
        )
        return row if taken else None


def job_run(row: Job, *, now: dt.datetime | None = None, strict: bool = False) -> bool:
    """Do a leased job; return whether it is done.

    A failure is noted and tried again later; `strict` raises it as well.
    """
    try:
        _do(KINDS[row.name], row)
    except LeaseLostError:
        log.warning("job %s was given to another worker", row.name)
        return False
    except Exception as error:
        _note_failure(row, error, now or clock.now())
        if strict:
            raise
        return False
    return True


def leases_extend(pks: Iterable[Any], *, worker: str) -> None:
    """Keep the leases of the jobs this worker is really doing."""
    held = Job.objects.filter(pk__in=list(pks), state=State.RUNNING, leased_by=worker)
    held.update(lease_until=clock.now() + conf.lease())


def _do(kind: JobKind, row: Job) -> None:
    if kind.in_transaction:
        with atomic():
            # Marked last: before that the heartbeat must be able to write to the row.
            _mark_done(row, kind.act(**row.payload))
    else:
        _mark_done(row, kind.act(**row.payload))


def _mark_done(row: Job, result: Any) -> None:
    with atomic():
        done = _held(row).update(
            state=State.DONE,
            done_at=clock.now(),
            leased_by="",
            lease_until=None,
            result=result,
            fault="",
        )
        if not done:
            raise LeaseLostError


def _held(row: Job) -> QuerySet[Job]:
    """Find the row only while it is leased by the claim that gave us `row`."""
    return Job.objects.filter(
        pk=row.pk,
        state=State.RUNNING,
        leased_by=row.leased_by,
        started_at=row.started_at,
        losses=row.losses,
    )


def _note_failure(row: Job, error: Exception, now: dt.datetime) -> None:
    tries = row.tries + 1
    most = KINDS[row.name].tries if row.name in KINDS else rules.MOST_TRIES
    state = rules.state_after_failure(tries, most)
    log.error("job %s failed (try %d): %s", row.name, tries, fault_of(error))
    with atomic():
        _held(row).update(
            state=state,
            tries=tries,
            run_at=now + rules.pause_after(tries),
            done_at=now if state is State.DEAD else None,
            leased_by="",
            lease_until=None,
            fault=fault_of(error),
        )
