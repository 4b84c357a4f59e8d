"""Time cut into cells: nights, days or half hours; who books takes a run of them. Pure.

A cell is a whole number, so that "no overlap ever" is a plain unique constraint on (thing, unit,
cell), the same on both databases. A night or a day is counted by the calendar in Shanghai, a half
hour by the world's clock: China has kept one time without summer time since 1991, and its hours
begin where the world's do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

from lianxin.kit.workdays import SHANGHAI

HALF = 1800  # seconds
HALVES_A_DAY = 48
NOON = dt.time(12)
AFTERNOON = dt.time(14)
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2100, 12, 31)  # a calendar is shown of


class Grain(StrEnum):
    """What a bookable thing is cut into."""

    NIGHT = "night"  # 晚
    DAY = "day"  # 天
    HALF_HOUR = "half_hour"  # 半小时


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """Cells one after the other, the last one included."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a run ends after it begins")

    @property
    def length(self) -> int:
        return self.last - self.first + 1

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.first, self.last + 1))

    def __contains__(self, cell: int) -> bool:
        return self.first <= cell <= self.last


def cells_of_day(grain: Grain, day: dt.date) -> Run:
    """Return the cells of a day of the calendar in Shanghai."""
    if grain is not Grain.HALF_HOUR:
        return Run(day.toordinal(), day.toordinal())
    first = int(dt.datetime.combine(day, dt.time(), tzinfo=SHANGHAI).timestamp()) // HALF
    return Run(first, first + HALVES_A_DAY - 1)


def is_cell(grain: Grain, cell: int) -> bool:
    """Say whether a number is a cell of a day a calendar is shown of."""
    return cells_of_day(grain, FIRST_DAY).first <= cell <= cells_of_day(grain, LAST_DAY).last


def day_of(grain: Grain, cell: int) -> dt.date:
    """Return the day a cell belongs to."""
    if grain is not Grain.HALF_HOUR:
        return dt.date.fromordinal(cell)
    return dt.datetime.fromtimestamp(cell * HALF, tz=SHANGHAI).date()


def half_of(grain: Grain, cell: int) -> int:
    """Return which half hour of its day a cell is; 0 for nights and days."""
    if grain is not Grain.HALF_HOUR:
        return 0
    return cell - cells_of_day(grain, day_of(grain, cell)).first


def times_of(
    grain: Grain, run: Run, *, begins: dt.time | None = None, ends: dt.time | None = None
) -> tuple[dt.datetime, dt.datetime]:
    """Return when a run begins and ends: nights from the afternoon to noon unless said otherwise."""
    if grain is Grain.HALF_HOUR:
        return _moment(run.first), _moment(run.last + 1)
    first, last = day_of(grain, run.first), day_of(grain, run.last)
    if grain is Grain.NIGHT:
        return _at(first, begins or AFTERNOON), _at(last + dt.timedelta(days=1), ends or NOON)
    if ends is None:
        return _at(first, begins or dt.time()), _at(last + dt.timedelta(days=1), dt.time())
    return _at(first, begins or dt.time()), _at(last, ends)


def by_year(grain: Grain, run: Run) -> dict[int, int]:
    """Count the cells of a run by the year they lie in."""
    counted: dict[int, int] = {}
    for cell in run:
        year = day_of(grain, cell).year
        counted[year] = counted.get(year, 0) + 1
    return counted


def _moment(cell: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(cell * HALF, tz=dt.UTC)


def _at(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, tzinfo=SHANGHAI).astimezone(dt.UTC)


def units_for(
    units: int, size: int, run: Run, taken: Mapping[int, Set[int]], bounds: Run
) -> tuple[int, ...] | None:
    """Choose `size` of the units 1 … `units` for a run so that the least is left in pieces.

    Of the units that are free all through the run those come first whose free stretch around it is
    the shortest: a gap is filled before a long free stretch is cut in two. None: it fits nowhere.
    `taken` holds the taken cells of each unit, `bounds` where a free stretch ends at the latest.
    """
    found = []
    for unit in range(1, units + 1):
        held = taken.get(unit, frozenset())
        if any(cell in held for cell in run):
            continue
        found.append((_left_over(run, held, bounds), unit))
    if len(found) < size:
        return None
    return tuple(sorted(unit for _, unit in sorted(found)[:size]))


def _left_over(run: Run, held: Set[int], bounds: Run) -> int:
    before = after = 0
    while run.first - before - 1 >= bounds.first and run.first - before - 1 not in held:
        before += 1
    while run.last + after + 1 <= bounds.last and run.last + after + 1 not in held:
        after += 1
    return before + after


@dataclass(frozen=True, slots=True)
class Seated:
    """A booking on the grid: its run, how many units, which it has, whether it began already."""

    key: str
    run: Run
    size: int = 1
    units: tuple[int, ...] = ()
    is_begun: bool = False


def seated(units: int, bookings: Iterable[Seated]) -> dict[str, tuple[int, ...]] | None:
    """Seat bookings anew so that all of them fit; None only where a cell has more than there is.

    Taken in the order they begin, each gets units that are free by then: runs on one line never
    need more units than overlap in their fullest cell. Those that began stay where they are, the
    others where they can; else they go where the last one left latest, so that gaps stay small.
    """
    line = sorted(bookings, key=lambda one: (one.run.first, not one.is_begun, one.key))
    free_after: dict[int, int] = dict.fromkeys(range(1, units + 1), -1)
    found: dict[str, tuple[int, ...]] = {}
    for booking in line:
        free = [unit for unit, last in free_after.items() if last < booking.run.first]
        if len(free) < booking.size:
            return None
        kept = [unit for unit in booking.units if unit in free][: booking.size]
        rest = sorted(
            (unit for unit in free if unit not in kept), key=lambda u: (-free_after[u], u)
        )
        chosen = tuple(sorted([*kept, *rest[: booking.size - len(kept)]]))
        for unit in chosen:
            free_after[unit] = booking.run.last
        found[booking.key] = chosen
    return found
