"""What keeps the queue honest: sign of life, lost leases, periodic jobs, old rows, second chances."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from lianxin.jobs import conf, rules
from lianxin.jobs.models import Delivery, Job, OutboxEvent, Periodic, Pulse
from lianxin.jobs.rules import State
from lianxin.jobs.services.queue import enqueue
from lianxin.jobs.services.registry import SCHEDULES
from lianxin.kit import clock
from lianxin.kit.transactions import atomic

_BATCH = 500


def pulse_beat(worker: str) -> None:
    """Leave the worker's sign of life."""
    now = clock.now()
    with atomic():
        if not Pulse.objects.filter(worker=worker).update(beat_at=now):
            Pulse.objects.create(worker=worker, beat_at=now)
            Pulse.objects.filter(beat_at__lt=now - dt.timedelta(days=1)).delete()


def pulse_end(worker: str) -> None:
    """Take the sign of life of a worker that stops away."""
    Pulse.objects.filter(worker=worker).delete()


def leases_reap(*, now: dt.datetime | None = None) -> int:
    """Give back what vanished workers had leased; return how many jobs."""
    at = now or clock.now()
    lost = Job.objects.filter(state=State.RUNNING, lease_until__lt=at)
    count = 0
    for row in lost.order_by("lease_until")[:_BATCH]:
        state = rules.state_after_loss(row.losses + 1)
        count += Job.objects.filter(
            pk=row.pk, state=State.RUNNING, lease_until=row.lease_until
        ).update(
            state=state,
            losses=row.losses + 1,
            leased_by="",
            lease_until=None,
            done_at=at if state is State.DEAD else None,
        )
    return count


def periodic_tick(*, now: dt.datetime | None = None) -> int:
    """Put the periodic jobs whose time has come into the queue; return how many.

    After a long standstill each comes once, not once for every time that was missed.
    """
    at = now or clock.now()
    known = Periodic.objects.in_bulk()
    count = 0
    for name, schedule in SCHEDULES.items():
        row = known.get(name)
        coming = schedule.next_time(at)
        if row is None:
            with atomic():
                Periodic.objects.bulk_create(
                    [Periodic(name=name, next_at=coming)], ignore_conflicts=True
                )
        elif row.next_at <= at or row.next_at > coming:
            with atomic():
                moved = Periodic.objects.filter(name=name, next_at=row.next_at).update(
                    next_at=coming
                )
                if moved and row.next_at <= at:
                    enqueue(name, key=f"{name}@{row.next_at.isoformat()}")
                    count += 1
    return count


def finished_purge(*, now: dt.datetime | None = None) -> int:
    """Delete work that was done long ago, a few rows at a time; return how many rows.

    What is dead stays until somebody has looked at it.
    """
    before = (now or clock.now()) - conf.kept_for()
    undone = Delivery.objects.exclude(state=State.DONE).values("event_id")
    events = OutboxEvent.objects.filter(created_at__lt=before).exclude(pk__in=undone)
    return _thin_out(Job.objects.filter(state=State.DONE, done_at__lt=before)) + _thin_out(events)


def _thin_out(rows: QuerySet[Any]) -> int:
    count = 0
    while pks := list(rows.values_list("pk", flat=True)[:_BATCH]):
        with atomic():
            rows.filter(pk__in=pks).delete()
        count += len(pks)
    return count


def dead_retry() -> int:
    """Give everything that is dead another round of tries; return how many."""
    fresh = {"state": State.WAITING, "tries": 0, "run_at": clock.now(), "done_at": None}
    with atomic():
        return Job.objects.filter(state=State.DEAD).update(
            losses=0, **fresh
        ) + Delivery.objects.filter(state=State.DEAD).update(**fresh)
