"""When a failed piece of work is tried again, when it is given up, and when a daily hour comes."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_PAUSES = (5, 30, 120, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600)
MOST_TRIES = 12
MOST_LOSSES = 25


class Lane(StrEnum):
    """Two queues, so that a long import never holds up a five-second reminder."""

    QUICK = "quick"
    LONG = "long"


class State(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


def pause_after(tries: int) -> dt.timedelta:
    """Return how long to wait after the nth failed try (1 is the first)."""
    return dt.timedelta(seconds=_PAUSES[min(max(tries, 1), len(_PAUSES)) - 1])


def state_after_failure(tries: int, most: int = MOST_TRIES) -> State:
    return State.DEAD if tries >= most else State.WAITING


def state_after_loss(losses: int) -> State:
    """Say what becomes of work whose worker vanished; what kills its worker again and again dies."""
    return State.DEAD if losses >= MOST_LOSSES else State.WAITING


def next_time(
    after: dt.datetime, *, seconds: int | None = None, daily_at: dt.time | None = None
) -> dt.datetime:
    """Return the first moment later than `after` at which a periodic job is due, in UTC."""
    if seconds is not None:
        whole = int(after.timestamp()) // seconds + 1
        return dt.datetime.fromtimestamp(whole * seconds, tz=dt.UTC)
    if daily_at is None:
        raise ValueError("a periodic job needs either seconds or an hour of the day")
    here = after.astimezone(SHANGHAI)
    day = (
        here.date()
        if here.timetz().replace(tzinfo=None) < daily_at
        else here.date() + dt.timedelta(days=1)
    )
    return dt.datetime.combine(day, daily_at, tzinfo=SHANGHAI).astimezone(dt.UTC)
