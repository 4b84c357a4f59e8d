"""What the queues look like: counts, what is dead, how long ago a worker last gave a sign."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Max, QuerySet

from lianxin.jobs.models import Delivery, Job, Pulse
from lianxin.jobs.rules import State
from lianxin.kit import clock


@dataclass(frozen=True, slots=True)
class QueueCount:
    """How much waits, runs, and was given up."""

    waiting: int
    running: int
    dead: int
    deliveries_waiting: int
    deliveries_dead: int


def heartbeat_age() -> float | None:
    """Return the seconds since any worker last gave a sign of life; None if none ever did."""
    beat_at = Pulse.objects.aggregate(last=Max("beat_at"))["last"]
    return None if beat_at is None else max(0.0, (clock.now() - beat_at).total_seconds())


def queue_count() -> QueueCount:
    """Count what waits, runs, and is dead."""
    live = [State.WAITING, State.RUNNING, State.DEAD]
    jobs = dict(
        Job.objects.filter(state__in=live).values_list("state").annotate(Count("pk")).order_by()
    )
    sent = dict(
        Delivery.objects.filter(state__in=live)
        .values_list("state")
        .annotate(Count("pk"))
        .order_by()
    )
    return QueueCount(
        waiting=jobs.get(State.WAITING, 0),
        running=jobs.get(State.RUNNING, 0),
        dead=jobs.get(State.DEAD, 0),
        deliveries_waiting=sent.get(State.WAITING, 0),
        deliveries_dead=sent.get(State.DEAD, 0),
    )


def dead_jobs() -> QuerySet[Job]:
    """List the jobs that were given up, the latest first."""
    return Job.objects.filter(state=State.DEAD).order_by("-done_at", "-pk")


def dead_deliveries() -> QuerySet[Delivery]:
    """List the deliveries that were given up, the latest first."""
    return (
        Delivery.objects.filter(state=State.DEAD)
        .select_related("event")
        .order_by("-done_at", "-pk")
    )
