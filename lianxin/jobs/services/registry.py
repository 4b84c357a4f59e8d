"""Which jobs exist, and which of them come round by themselves; filled by each app's `jobs.py`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from lianxin.jobs import rules
from lianxin.jobs.rules import Lane

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class JobKind:
    """How a registered job is run."""

    name: str
    act: Callable[..., Any]
    lane: Lane
    in_transaction: bool
    tries: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a periodic job comes round."""

    seconds: int | None
    daily_at: dt.time | None

    def next_time(self, after: dt.datetime) -> dt.datetime:
        """Return the first moment after `after` at which it is due."""
        return rules.next_time(after, seconds=self.seconds, daily_at=self.daily_at)


KINDS: dict[str, JobKind] = {}
SCHEDULES: dict[str, Schedule] = {}


def job(
    name: str,
    *,
    queue: Literal["quick", "long"] = "quick",
    in_transaction: bool | None = None,
    tries: int = rules.MOST_TRIES,
) -> Callable[[F], F]:
    """Register a function as a job under a name that stays stable.

    A quick job runs inside one transaction together with being marked as done, so what it writes
    happens exactly once; it must be short, since on SQLite it holds the only write lock. A long
    job, or one that talks to the outside (`in_transaction=False`), opens its own transactions and
    may be run again after a kill: it must bear that.
    """

    def register(act: F) -> F:
        lane = Lane(queue)
        whole = lane is Lane.QUICK if in_transaction is None else in_transaction
        KINDS[name] = JobKind(name, act, lane, whole, tries)
        return act

    return register


def every(name: str, *, seconds: int | None = None, daily_at: dt.time | None = None) -> None:
    """Let a registered job come round every so many seconds, or daily at an hour in Shanghai."""
    if name not in KINDS:
        raise LookupError(f"no job is registered as {name!r}")
    SCHEDULES[name] = Schedule(seconds, daily_at)
