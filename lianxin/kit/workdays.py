"""Official working days of mainland China, with make-up Saturdays, and what is not yet announced.

A promise of the union counts working days. The State Council announces the coming year's days off
each November, so every deadline that reaches beyond the last announced year is an estimate
(Monday to Friday) and must be shown as one: `is_provisional`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from chinese_calendar import constants
from django.conf import settings

SHANGHAI = ZoneInfo("Asia/Shanghai")
END_OF_BUSINESS = dt.time(18)
_SHIPPED = Path(__file__).parent / "data" / "workdays.yaml"
_ONE_DAY = dt.timedelta(days=1)


class CalendarError(Exception):
    """The file of working days cannot be understood."""


def is_workday(day: dt.date) -> bool:
    """Tell whether offices work on this day; beyond the announced years Monday to Friday."""
    year = _years().get(day.year)
    if year is None:
        return day.weekday() < 5
    return day in year["make_up"] or (day.weekday() < 5 and day not in year["holidays"])


def is_holiday(day: dt.date) -> bool:
    """Tell whether a day belongs to a public holiday, the weekend inside or beside it included."""
    return not is_workday(day) and any(
        near in _holidays_of(near.year) for near in _days_off_around(day)
    )


def is_provisional(day: dt.date) -> bool:
    """Tell whether the calendar of this day's year has not been announced yet."""
    return day.year not in _years()


def add_workdays(start: dt.date, days: int) -> dt.date:
    """Return the nth working day after `start`, or before it if `days` is negative; 0 is `start`."""
    step = _ONE_DAY if days > 0 else -_ONE_DAY
    day = start
    for _ in range(abs(days)):
        day += step
        while not is_workday(day):
            day += step
    return day


def workdays_between(first: dt.date, last: dt.date) -> int:
    """Count the working days after `first` up to and with `last`; negative if `last` is earlier."""
    if last < first:
        return -workdays_between(last, first)
    return sum(
        is_workday(first + dt.timedelta(days=offset))
        for offset in range(1, (last - first).days + 1)
    )


def due_at(start: dt.datetime, days: int) -> dt.datetime:
    """Return 18:00 in Shanghai on the nth working day after `start`, as an aware time in UTC."""
    day = add_workdays(start.astimezone(SHANGHAI).date(), days)
    return dt.datetime.combine(day, END_OF_BUSINESS, tzinfo=SHANGHAI).astimezone(dt.UTC)


def known_until() -> dt.date:
    """Return the last day of the last announced year (no gap before it)."""
    year = min(_years())
    while year + 1 in _years():
        year += 1
    return dt.date(year, 12, 31)


def days_left(today: dt.date) -> int:
    """Count the days until the announced calendar runs out; negative once it has."""
    return (known_until() - today).days


def forget() -> None:
    """Read the files anew at the next question."""
    _years.cache_clear()


def _days_off_around(day: dt.date) -> Iterator[dt.date]:
    """Yield the unbroken run of days off a day off stands in."""
    yield day
    for step in (-_ONE_DAY, _ONE_DAY):
        near = day + step
        while not is_workday(near):
            yield near
            near += step


def _holidays_of(year: int) -> frozenset[dt.date]:
    return _years().get(year, {}).get("holidays", frozenset())


@cache
def _years() -> dict[int, dict[str, frozenset[dt.date]]]:
    found = _of_package()
    found.update(_read(_SHIPPED))
    added = getattr(settings, "WORKDAYS_FILE", None)
    if added and Path(added).exists():
        found.update(_read(Path(added)))
    return found


def _of_package() -> dict[int, dict[str, frozenset[dt.date]]]:
    return {
        year: {
            "holidays": frozenset(day for day in constants.holidays if day.year == year),
            "make_up": frozenset(day for day in constants.workdays if day.year == year),
        }
        for year in {day.year for day in constants.holidays}
    }


def _read(path: Path) -> dict[int, dict[str, frozenset[dt.date]]]:
    try:
        plain = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        return {int(year): _year(int(year), entry) for year, entry in plain.items()}
    except (yaml.YAMLError, ValueError, TypeError, AttributeError) as error:
        raise CalendarError(f"{path.name}: {error}") from error


def _year(year: int, entry: dict[str, Any]) -> dict[str, frozenset[dt.date]]:
    unknown = set(entry) - {"source", "holidays", "make_up"}
    if unknown:
        raise ValueError(f"{year}: unknown keys {sorted(unknown)}")
    days = {name: frozenset(entry.get(name) or ()) for name in ("holidays", "make_up")}
    for day in days["holidays"] | days["make_up"]:
        if type(day) is not dt.date or day.year != year:
            raise ValueError(f"{year}: {day!r} is not a day of that year")
    if days["holidays"] & days["make_up"]:
        raise ValueError(f"{year}: a day is both off and worked")
    return days
