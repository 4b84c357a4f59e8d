"""When people are reminded: the evening before, and some hours before, never in the night. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVENING = dt.time(18)
WAKING = dt.time(8)
HOURS_BEFORE = dt.timedelta(hours=3)
LAST_CALL = dt.timedelta(hours=1)  # later than this nobody is helped


class Reminder(StrEnum):
    """Which of the two."""

    DAY = "day"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder and its moment."""

    reminder: Reminder
    at: dt.datetime


def reminders(starts_at: dt.datetime) -> Iterator[Due]:
    """Yield when to remind of what starts then.

    The evening before at six; and three hours before, but not before eight in the morning. What
    starts so early that eight would be too late is reminded of on the evening before alone.
    """
    local = starts_at.astimezone(SHANGHAI)
    eve = dt.datetime.combine(local.date() - dt.timedelta(days=1), EVENING, tzinfo=SHANGHAI)
    yield Due(Reminder.DAY, eve.astimezone(dt.UTC))
    waking = dt.datetime.combine(local.date(), WAKING, tzinfo=SHANGHAI)
    near = max(local - HOURS_BEFORE, waking)
    if near <= local - LAST_CALL:
        yield Due(Reminder.HOURS, near.astimezone(dt.UTC))
