"""For the tests of every app: settle what is due, and crash at any commit one likes.

A commit point lies right before and right after each real commit of `kit.transactions.atomic()`.
The one before loses everything, the one after loses what would have followed (answers, deliveries,
inline work). In a plain `django_db` test nothing is committed for real, so only the points before
exist there; use `@pytest.mark.django_db(transaction=True)` for both.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from lianxin.jobs import services
from lianxin.jobs.models import Delivery, Job, OutboxEvent
from lianxin.jobs.services.registry import KINDS
from lianxin.kit.events import Event
from lianxin.kit.transactions import probe


class CrashError(BaseException):
    """The process died here; a BaseException, so that no `except Exception` revives it."""


@dataclass
class CommitPoints:
    """What was passed: the points in order, and whether the crash happened."""

    passed: list[str] = field(default_factory=list)
    crashed: bool = False


def settle(now: dt.datetime | None = None) -> int:
    """Deliver and run all that is due; a failure in a handler or a job is raised."""
    return services.run_due(now, strict=True)


def run_periodic(name: str) -> None:
    """Run a periodic job now, as the worker would when its time comes."""
    services.enqueue(name)
    settle()


def leases_end(now: dt.datetime) -> int:
    """Give back what a worker that died had begun, as another one would find it at `now`."""
    return services.leases_reap(now=now)


def keys_waiting() -> set[str]:
    """Return the keys of the jobs that have not run yet."""
    waiting = Job.objects.filter(state="waiting", key__isnull=False)
    return {key for key in waiting.values_list("key", flat=True) if key}


def events_told(event: type[Event]) -> list[dict[str, Any]]:
    """Return what every published event of a kind carries, the oldest first."""
    rows = OutboxEvent.objects.filter(name=event.name()).order_by("pk")
    return [row.payload for row in rows]


def is_registered(name: str) -> bool:
    return name in KINDS


def deliveries_waiting() -> int:
    return Delivery.objects.filter(state="waiting").count()


@contextmanager
def crash_at(number: int, *, kill: bool = False) -> Iterator[CommitPoints]:
    """Crash at the nth commit point inside the block (1 is the first); 0 only counts them.

    With `kill` the process ends by SIGKILL; otherwise CrashError is raised, and caught at the
    end of the block.
    """
    points = CommitPoints()

    def ask(point: str) -> None:
        points.passed.append(point)
        if points.crashed or len(points.passed) != number:
            return
        points.crashed = True
        if kill:
            os.kill(os.getpid(), signal.SIGKILL)
        raise CrashError(point)

    before, probe.ask = probe.ask, ask
    try:
        yield points
    except CrashError:
        if not points.crashed:
            raise
    finally:
        probe.ask = before


def crash_everywhere(
    act: Callable[[], object],
    *,
    after: Callable[[int], object] = lambda _number: None,
    most: int = 300,
) -> int:
    """Run `act` again and again, crashing at the first commit point, then the second, and so on.

    `after(number)` is called after each crash: repair (run what is due) and check there. Ends with
    the first run that has no crash; returns the number of crashes.
    """
    for number in range(1, most + 1):
        with crash_at(number) as points:
            act()
        if not points.crashed:
            return number - 1
        after(number)
    raise AssertionError(f"more than {most} commit points")
