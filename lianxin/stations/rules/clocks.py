"""The repair clock: it runs in working hours only, 9 to 18 on official working days. Pure."""

from __future__ import annotations

import datetime as dt

from lianxin.kit import workdays

OPENS, CLOSES = dt.time(9), dt.time(18)
A_DAY = dt.timedelta(hours=9)
_ONE_DAY = dt.timedelta(days=1)


def due_after(start: dt.datetime, work: dt.timedelta) -> dt.datetime:
    """Return when so much working time has passed since a moment."""
    at = start.astimezone(workdays.SHANGHAI)
    left = work
    while True:
        opens, closes = _hours(at.date())
        if workdays.is_workday(at.date()) and at < closes:
            begins = max(at, opens)
            if closes - begins >= left:
                return (begins + left).astimezone(dt.UTC)
            left -= closes - begins
        at = dt.datetime.combine(at.date() + _ONE_DAY, dt.time(), tzinfo=workdays.SHANGHAI)


def worked_between(start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """Return the working time between two moments; negative if the second is earlier."""
    if end < start:
        return -worked_between(end, start)
    first, last = start.astimezone(workdays.SHANGHAI), end.astimezone(workdays.SHANGHAI)
    whole, day = dt.timedelta(), first.date()
    while day <= last.date():
        if workdays.is_workday(day):
            opens, closes = _hours(day)
            whole += max(min(last, closes) - max(first, opens), dt.timedelta())
        day += _ONE_DAY
    return whole


def _hours(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    zone = workdays.SHANGHAI
    return dt.datetime.combine(day, OPENS, tzinfo=zone), dt.datetime.combine(
        day, CLOSES, tzinfo=zone
    )
