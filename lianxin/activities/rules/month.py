"""A month as a sheet of weeks, Monday first, and stretches of days people ask for. Pure."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

_TYPED = re.compile(r"(?P<year>20\d\d)-(?P<month>0[1-9]|1[0-2])")
_ONE_DAY = dt.timedelta(days=1)


class When(StrEnum):
    """Which days are asked for."""

    ALL = ""
    TODAY = "today"
    WEEKEND = "weekend"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a year."""

    year: int
    month: int

    @classmethod
    def of(cls, day: dt.date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def read(cls, typed: str, *, today: dt.date) -> Month:
        """Read `2026-12`; anything else is the present month."""
        found = _TYPED.fullmatch(typed)
        return cls(int(found["year"]), int(found["month"])) if found else cls.of(today)

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d}"

    @property
    def first_on(self) -> dt.date:
        return dt.date(self.year, self.month, 1)

    @property
    def last_on(self) -> dt.date:
        return dt.date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def before(self) -> Month:
        return Month.of(self.first_on - _ONE_DAY)

    @property
    def after(self) -> Month:
        return Month.of(self.last_on + _ONE_DAY)

    def weeks(self) -> list[list[dt.date]]:
        """Return whole weeks, days of the neighbouring months included."""
        return calendar.Calendar().monthdatescalendar(self.year, self.month)


def span_of(when: When, today: dt.date) -> tuple[dt.date, dt.date | None]:
    """Return the first and the last day asked for; None: no end.

    The weekend is the running one from Saturday on, else the coming one; a week counts from today.
    """
    match when:
        case When.TODAY:
            return today, today
        case When.WEEKEND:
            saturday = today if today.weekday() == 6 else today + (5 - today.weekday()) * _ONE_DAY
            return saturday, today + (6 - today.weekday()) * _ONE_DAY
        case When.WEEK:
            return today, today + 6 * _ONE_DAY
    return today, None
