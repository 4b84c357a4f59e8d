"""Which days a series takes place: weekly until a day, with holidays and make-up days left out. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

MOST_DAYS = 60  # of one planning: a year of weeks
FARTHEST = dt.timedelta(days=400)
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Every week on some weekdays (0 is Monday), from a day to a day."""

    first_on: dt.date
    until_on: dt.date
    weekdays: frozenset[int] = field(default_factory=frozenset)  # none: that of the first day
    every: int = 1  # weeks

    @property
    def days(self) -> frozenset[int]:
        return self.weekdays or frozenset({self.first_on.weekday()})


@dataclass(frozen=True, slots=True)
class Planned:
    """The days it takes place, and those left out."""

    days: tuple[dt.date, ...]
    left_out: tuple[dt.date, ...]
    is_cut: bool = False  # there would have been more


def planned(pattern: Pattern, is_left_out: Callable[[dt.date], bool]) -> Planned:
    """Lay a pattern out; `is_left_out` knows the holidays."""
    taken: list[dt.date] = []
    left_out: list[dt.date] = []
    monday = pattern.first_on - pattern.first_on.weekday() * _ONE_DAY
    last = min(pattern.until_on, pattern.first_on + FARTHEST)
    day = pattern.first_on
    while day <= last:
        is_its_week = ((day - monday).days // 7) % max(pattern.every, 1) == 0
        if is_its_week and day.weekday() in pattern.days:
            if len(taken) == MOST_DAYS:
                return Planned(tuple(taken), tuple(left_out), is_cut=True)
            (left_out if is_left_out(day) else taken).append(day)
        day += _ONE_DAY
    return Planned(tuple(taken), tuple(left_out))
