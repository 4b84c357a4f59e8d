"""The clocks of a dossier, counted in official working days. Pure.

A step is due at the close of business of a working day. While the person is asked for something
the clock stands still, and what was left is given back when they answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from lianxin.kit import workdays
from lianxin.procedures.rules.definition import Late

LATE = -1  # what `left` says of a clock stopped too late


def due(now: dt.datetime, days: int) -> dt.datetime:
    """Return the close of business `days` working days from now; at least one day is given."""
    return workdays.due_at(now, max(days, 1))


def left(now: dt.datetime, due_at: dt.datetime) -> int:
    """Count the working days a clock stopped now has left: 0 is due today, `LATE` overdue."""
    if now >= due_at:
        return LATE
    return workdays.workdays_between(_day(now), _day(due_at))


def resumed(now: dt.datetime, due_at: dt.datetime, days_left: int) -> dt.datetime:
    """Return when a stopped step is due once its clock runs again; a late one stays late."""
    return due_at if days_left == LATE else max(due_at, due(now, days_left))


def taken_over(now: dt.datetime, due_at: dt.datetime, days: int = 2) -> dt.datetime:
    """Return when a step is due that somebody new has to begin: as before, but in fair time."""
    return max(due_at, due(now, days))


def escalated(now: dt.datetime, working_days: int) -> dt.datetime:
    """Return when the organisation above has to be done: in half the time, rounded up."""
    return due(now, -(-working_days // 2))


def acts_at(due_at: dt.datetime, when_late: Sequence[Late]) -> list[dt.datetime]:
    """Return, for each act against lateness, the moment it is taken."""
    return [
        due_at if late.after_days <= 0 else workdays.due_at(due_at, late.after_days)
        for late in when_late
    ]


def _day(at: dt.datetime) -> dt.date:
    return at.astimezone(workdays.SHANGHAI).date()
