"""The arranger's chart of a bookable thing: who has what when, as a picture with a list beside it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from lianxin.allocation.models import Bookable, Booking
from lianxin.allocation.rules.grid import Grain, Run, cells_of_day
from lianxin.allocation.selectors.booking_shown import masked_who


@dataclass(frozen=True, slots=True)
class Bar:
    """A booking on the arranger's chart: where it lies, in cells of its row."""

    booking: Booking
    at: int
    length: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the chart: a unit, or a unit on a day."""

    label: str
    bars: list[Bar]


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """What is booked in a window, as the arranger sees it."""

    first: dt.date
    last: dt.date
    columns: list[str]
    rows: list[Row]
    bookings: list[Booking]
    before: dt.date
    after: dt.date
    per_column: int = 1  # cells a column


CHART_DAYS = {Grain.NIGHT: 14, Grain.DAY: 14, Grain.HALF_HOUR: 7}
_FIRST_HALF, _LAST_HALF = 14, 44  # 7:00 to 22:00


def chart_of(bookable: Bookable, first: dt.date) -> Chart:
    """Return what is booked of a thing in the days from `first`. One query."""
    grain = bookable.cut
    days = [first + dt.timedelta(days=number) for number in range(CHART_DAYS[grain])]
    window = Run(cells_of_day(grain, days[0]).first, cells_of_day(grain, days[-1]).last)
    rows = (
        Booking.objects.taking()
        .filter(bookable=bookable, first__lte=window.last, last__gte=window.first)
        .select_related("account", "union")
        .order_by("first", "pk")
    )
    bookings = list(rows)
    for booking in bookings:
        booking.bookable = bookable
    span = dt.timedelta(days=len(days))
    is_hours = grain is Grain.HALF_HOUR
    return Chart(
        first=first,
        last=days[-1],
        columns=_hour_names() if is_hours else [f"{one.month}/{one.day}" for one in days],
        rows=_day_rows(bookable, days, bookings) if is_hours else _unit_rows(bookable, window, bookings),
        bookings=bookings,
        before=first - span,
        after=first + span,
        per_column=2 if is_hours else 1,
    )  # fmt: skip


LABEL, COLUMN, HEAD, ROW = 64, 48, 20, 30


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar in the picture's own units."""

    x: int
    y: int
    width: int
    text_x: int
    words: str
    state: str


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A row of the picture."""

    y: int
    text_y: int
    label: str
    bars: list[DrawnBar]


@dataclass(frozen=True, slots=True)
class DrawnColumn:
    """A line between columns, and what stands above it."""

    x: int
    words: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """The chart ready for an SVG; no style in it, only places."""

    width: int
    height: int
    columns: list[DrawnColumn]
    rows: list[DrawnRow]


def drawn(chart: Chart) -> Drawn:
    """Draw a chart."""
    cell = COLUMN // chart.per_column
    rows = []
    for number, row in enumerate(chart.rows):
        y = HEAD + number * ROW
        bars = [_bar_drawn(bar, cell, y) for bar in row.bars]
        rows.append(DrawnRow(y, y + 19, row.label, bars))
    return Drawn(
        width=LABEL + COLUMN * len(chart.columns),
        height=HEAD + ROW * len(chart.rows),
        columns=[DrawnColumn(LABEL + COLUMN * number, words) for number, words in enumerate(chart.columns)],
        rows=rows,
    )  # fmt: skip


def _bar_drawn(bar: Bar, cell: int, y: int) -> DrawnBar:
    width = bar.length * cell - 4
    # Letters of eleven units: what does not fit is in the list below.
    words = masked_who(bar.booking)[: max(width // 12, 1)]
    x = LABEL + bar.at * cell + 2
    return DrawnBar(x, y + 4, width, x + 4, words, bar.booking.state)


def _unit_rows(bookable: Bookable, window: Run, bookings: list[Booking]) -> list[Row]:
    rows = []
    for unit in range(1, bookable.units + 1):
        bars = []
        for booking in bookings:
            if unit in booking.units:
                at = max(booking.first, window.first)
                bars.append(
                    Bar(booking, at - window.first, min(booking.last, window.last) - at + 1)
                )
        rows.append(Row(str(unit), bars))
    return rows


def _day_rows(bookable: Bookable, days: list[dt.date], bookings: list[Booking]) -> list[Row]:
    rows = []
    for on in days:
        cells = cells_of_day(Grain.HALF_HOUR, on)
        low, high = cells.first + _FIRST_HALF, cells.first + _LAST_HALF - 1
        for unit in range(1, bookable.units + 1):
            bars = []
            for booking in bookings:
                at, end = max(booking.first, low), min(booking.last, high)
                if unit in booking.units and at <= end:
                    bars.append(Bar(booking, at - low, end - at + 1))
            if bars or unit == 1:
                name = f"{on.month}/{on.day}"
                rows.append(Row(name if bookable.units == 1 else f"{name} · {unit}", bars))
    return rows


def _hour_names() -> list[str]:
    return [str(half // 2) for half in range(_FIRST_HALF, _LAST_HALF, 2)]
