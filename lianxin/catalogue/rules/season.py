"""Whether an item can be applied for on a day, and when next. Pure."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from lianxin.catalogue.rules.item import Season


class Stand(StrEnum):
    OPEN = "open"
    NOT_YET = "not_yet"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Window:
    """How an item stands on a day: until when it is open, or from when it will be."""

    stand: Stand
    opens_on: dt.date | None = None
    closes_on: dt.date | None = None

    @property
    def is_open(self) -> bool:
        return self.stand is Stand.OPEN


def window_on(season: Season | None, day: dt.date) -> Window:
    """Say how an item stands on a day. The days of a season belong to it, first and last."""
    if season is None:
        return Window(Stand.OPEN)
    if season.months:
        return _yearly(sorted(set(season.months)), day)
    if season.opens_on and day < season.opens_on:
        return Window(Stand.NOT_YET, season.opens_on, season.closes_on)
    if season.closes_on and day > season.closes_on:
        return Window(Stand.OVER, season.opens_on, season.closes_on)
    return Window(Stand.OPEN, season.opens_on, season.closes_on)


def _yearly(months: list[int], day: dt.date) -> Window:
    if len(months) == 12:
        return Window(Stand.OPEN)
    year, month = day.year, day.month
    if month in months:
        while month % 12 + 1 in months:
            year, month = _following(year, month)
        return Window(Stand.OPEN, None, _last_of(year, month))
    while month not in months:
        year, month = _following(year, month)
    return Window(Stand.NOT_YET, dt.date(year, month, 1))


def _following(year: int, month: int) -> tuple[int, int]:
    return (year + 1, 1) if month == 12 else (year, month + 1)


def _last_of(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])
