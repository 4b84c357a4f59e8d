"""The calendar of a bookable thing: what is free on which day, from when to when, how long."""

from __future__ import annotations

import calendar
import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lianxin.allocation.constants import MONTHS, WEEKDAYS_SHORT
from lianxin.allocation.models import Bookable, Booking
from lianxin.allocation.rules.bookings import BookingState
from lianxin.allocation.rules.grid import (
    FIRST_DAY,
    LAST_DAY,
    Grain,
    Run,
    cells_of_day,
    day_of,
    half_of,
    is_cell,
    times_of,
)
from lianxin.allocation.rules.openings import clock_words
from lianxin.allocation.selectors.booking_words import length_words
from lianxin.allocation.selectors.bookings import free_cells
from lianxin.kit import clock


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day of a month: how much of it can be had."""

    on: dt.date
    free: int = 0  # units by the night or day; free half hours of a day with hours
    is_open: bool = False
    is_ahead: bool = False  # may be booked from: not past, not too far ahead
    is_chosen: bool = False

    @property
    def is_free(self) -> bool:
        """Say whether something of it can be had."""
        return self.is_ahead and self.free > 0

    @property
    def weekday(self) -> str:
        """Name its day of the week."""
        return str(WEEKDAYS_SHORT[self.on.weekday()])


@dataclass(frozen=True, slots=True)
class Month:
    """A month as a page of a wall calendar; `blanks` days stand before its first."""

    first: dt.date
    blanks: int
    days: list[CalendarDay]
    before: dt.date | None = None
    after: dt.date | None = None

    @property
    def weekdays(self) -> list[str]:
        """Name the columns."""
        return [str(name) for name in WEEKDAYS_SHORT]

    @property
    def title(self) -> str:
        """Name the month."""
        return month_words(self.first)


@dataclass(frozen=True, slots=True)
class Start:
    """A moment a booking may begin at."""

    cell: int
    words: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Length:
    """How long a booking may be from where it begins: the last cell, and the words for it."""

    last: int
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Choosing:
    """All a page needs to let somebody choose."""

    month: Month
    day: dt.date | None = None
    starts: list[Start] = field(default_factory=list)
    first: int | None = None
    lengths: list[Length] = field(default_factory=list)


def choosing(bookable: Bookable, *, month: str = "", day: str = "", first: str = "") -> Choosing:
    """Gather what can be chosen; `month`, `day` and `first` come as they were typed. Two queries at most."""
    chosen_day = _day(day)
    chosen_first = _cell(bookable.cut, first)
    if chosen_first is not None:
        chosen_day = day_of(bookable.cut, chosen_first)
    shown = _month_of(month) or (chosen_day or clock.today()).replace(day=1)
    if bookable.cut is not Grain.HALF_HOUR and chosen_first is None and chosen_day:
        chosen_first = cells_of_day(bookable.cut, chosen_day).first
    starts = _starts(bookable, chosen_day, chosen_first) if bookable.cut is Grain.HALF_HOUR else []
    lengths = lengths_from(bookable, chosen_first) if chosen_first is not None else []
    return Choosing(
        month=month_of(bookable, shown, chosen_day),
        day=chosen_day,
        starts=starts,
        first=chosen_first if lengths else None,
        lengths=lengths,
    )


def month_of(bookable: Bookable, first: dt.date, chosen: dt.date | None = None) -> Month:
    """Return what is free in the month that begins on a day. One query."""
    today, latest = clock.today(), clock.today() + dt.timedelta(days=bookable.ahead_days)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    # Weeks that are over are left out: a thumb need not scroll past them.
    shown_from = max(first, today - dt.timedelta(days=today.weekday())) if last >= today else first
    grain = bookable.cut
    window = Run(cells_of_day(grain, first).first, cells_of_day(grain, last).last)
    free = free_cells(bookable, window)
    hours = bookable.hours
    earliest = clock.now() + dt.timedelta(minutes=bookable.notice_minutes)
    days = []
    for number in range((last - shown_from).days + 1):
        on = shown_from + dt.timedelta(days=number)
        cells = [cell for cell in cells_of_day(grain, on) if _starts_at(bookable, cell) >= earliest]
        days.append(
            CalendarDay(
                on=on,
                free=_free_of_day(grain, free, cells),
                is_open=bool(hours.spans_on(on)),
                is_ahead=bool(cells) and today <= on <= latest,
                is_chosen=on == chosen,
            )
        )
    return Month(
        first=first,
        blanks=shown_from.weekday(),
        days=days,
        before=_month_before(first) if first > today else None,
        after=last + dt.timedelta(days=1) if last < latest else None,
    )


def lengths_from(bookable: Bookable, first: int) -> list[Length]:
    """List how long a booking from a cell may be. One query."""
    grain = bookable.cut
    most = Run(first, first + bookable.most - 1)
    if _starts_at(bookable, first) < clock.now() + dt.timedelta(minutes=bookable.notice_minutes):
        return []
    free = free_cells(bookable, most)
    found = []
    for cell in most:
        if free[cell] < 1:
            break
        length = cell - first + 1
        if length < bookable.least:
            continue
        words = length_words(grain, length)
        if grain is Grain.HALF_HOUR:
            words = f"{clock_words(_end_half(cell))} · {words}"
        found.append(Length(cell, words))
    return found


def bookings_mine(account_id: uuid.UUID | None, *, most: int = 50) -> list[Booking]:
    """List what somebody has booked for herself and is not over, the next first. One query."""
    return list(bookings_running(account_id)[:most])


def bookings_running(account_id: uuid.UUID | None) -> QuerySet[Booking]:
    """Return what somebody has booked for herself and is not over, the next first."""
    rows = Booking.objects.taking().exclude(state=BookingState.USED).filter(account_id=account_id)
    return rows.select_related("bookable__organisation", "union").order_by("starts_at", "pk")


def month_words(first: dt.date) -> str:
    """Say a month: December 2026."""
    return _("%(month)s %(year)s") % {"month": MONTHS[first.month - 1], "year": first.year}


def _starts(bookable: Bookable, on: dt.date | None, first: int | None) -> list[Start]:
    if on is None:
        return []
    cells = cells_of_day(Grain.HALF_HOUR, on)
    free = free_cells(bookable, cells)
    earliest = clock.now() + dt.timedelta(minutes=bookable.notice_minutes)
    found = []
    for cell in cells:
        run = range(cell, cell + bookable.least)
        if _starts_at(bookable, cell) < earliest or any(free.get(one, 0) < 1 for one in run):
            continue
        found.append(Start(cell, clock_words(half_of(Grain.HALF_HOUR, cell)), cell == first))
    return found


def _free_of_day(grain: Grain, free: Mapping[int, int], cells: list[int]) -> int:
    if grain is Grain.HALF_HOUR:
        return sum(free[cell] > 0 for cell in cells)
    return free[cells[0]] if cells else 0


def _starts_at(bookable: Bookable, cell: int) -> dt.datetime:
    return times_of(bookable.cut, Run(cell, cell), begins=bookable.begins, ends=bookable.ends)[0]


def _end_half(cell: int) -> int:
    return half_of(Grain.HALF_HOUR, cell) + 1


def _month_of(typed: str) -> dt.date | None:
    return _day(f"{typed}-01") if len(typed) == 7 else None


def _cell(grain: Grain, typed: str) -> int | None:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 9):
        return None
    return int(typed) if is_cell(grain, int(typed)) else None


def _day(typed: str) -> dt.date | None:
    try:
        found = dt.date.fromisoformat(typed)
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None


def _month_before(first: dt.date) -> dt.date:
    return (first - dt.timedelta(days=1)).replace(day=1)
