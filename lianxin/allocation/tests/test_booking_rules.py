"""Cells, runs, opening hours, tight gaps and seating anew: whatever chance tries, it comes out right."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.allocation.rules.bookings import (
    BOOKING_MOVES,
    RUNNING,
    BookingError,
    BookingFault,
    BookingMoveError,
    BookingState,
    BookingTerms,
    BookingVerb,
    Had,
    Wanted,
    booking_judged,
    booking_moved,
)
from lianxin.allocation.rules.grid import (
    Grain,
    Run,
    Seated,
    by_year,
    cells_of_day,
    day_of,
    half_of,
    is_cell,
    seated,
    times_of,
    units_for,
)
from lianxin.allocation.rules.openings import (
    EVERY_DAY,
    WHOLE,
    HoursError,
    Openings,
    spans_typed,
    spans_words,
)
from lianxin.kit.workdays import SHANGHAI

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))
GRAINS = st.sampled_from(Grain)
MONDAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
TONIGHT = MONDAY.toordinal()


@given(GRAINS, DAYS)
def test_a_days_cells_belong_to_it_and_to_no_other(grain, day) -> None:
    cells = cells_of_day(grain, day)
    assert {day_of(grain, cell) for cell in cells} == {day}
    assert [half_of(grain, cell) for cell in cells] == list(range(cells.length))
    after = cells_of_day(grain, day + dt.timedelta(days=1))
    assert after.first == cells.last + 1, "no gap and no overlap at midnight"


@pytest.mark.parametrize("grain", Grain)
def test_a_number_is_a_cell_in_the_years_a_calendar_is_shown_of(grain) -> None:
    first = cells_of_day(grain, dt.date(2000, 1, 1)).first
    last = cells_of_day(grain, dt.date(2100, 12, 31)).last
    assert [is_cell(grain, one) for one in (first - 1, first, last, last + 1)] == [False, True, True, False]  # fmt: skip
    assert not any(is_cell(grain, one) for one in (-1, 0, 3_652_059, 99_999_999, 2_000_000_000))


@given(GRAINS, DAYS, st.integers(1, 60), st.integers(1, 60), st.integers(0, 60))
def test_runs_that_share_no_cell_share_no_time(grain, day, one, two, gap) -> None:
    first = cells_of_day(grain, day).first
    earlier, later = (
        Run(first, first + one - 1),
        Run(first + one + gap, first + one + gap + two - 1),
    )
    assert not set(earlier) & set(later)
    assert times_of(grain, earlier)[1] <= times_of(grain, later)[0]
    assert times_of(grain, earlier)[0] < times_of(grain, earlier)[1]
    assert set(Run(first, first + one)) & set(Run(first + one, first + one + two)) == {first + one}


def test_a_night_begins_in_the_afternoon_and_ends_at_noon() -> None:
    starts_at, ends_at = times_of(Grain.NIGHT, Run(TONIGHT, TONIGHT + 2))
    assert starts_at.astimezone(SHANGHAI) == dt.datetime(2026, 11, 23, 14, tzinfo=SHANGHAI)
    assert ends_at.astimezone(SHANGHAI) == dt.datetime(2026, 11, 26, 12, tzinfo=SHANGHAI)
    early = times_of(Grain.NIGHT, Run(TONIGHT, TONIGHT), begins=dt.time(16), ends=dt.time(9))
    assert [one.astimezone(SHANGHAI).hour for one in early] == [16, 9]


def test_half_hours_are_those_of_the_clock_on_the_wall() -> None:
    cells = cells_of_day(Grain.HALF_HOUR, MONDAY)
    starts_at, ends_at = times_of(Grain.HALF_HOUR, Run(cells.first + 18, cells.first + 23))
    assert (starts_at.astimezone(SHANGHAI).hour, ends_at.astimezone(SHANGHAI).hour) == (9, 12)


def test_nights_over_new_year_count_in_the_year_they_begin() -> None:
    eve = dt.date(2026, 12, 30).toordinal()
    assert by_year(Grain.NIGHT, Run(eve, eve + 3)) == {2026: 2, 2027: 2}


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("9:00-12:00, 13:30-21", ((18, 24), (27, 42))),
        ("13：30至21：00，9点", None),
        ("9-12", ((18, 24),)),
        ("全天", WHOLE),
        ("", ()),
        ("休息", ()),
        ("0:00-24:00", WHOLE),
        ("9:15-12", None),
        ("12-9", None),
        ("9-12, 11-13", None),
        ("9-25", None),
        ("早上", None),
    ],
)
def test_hours_are_read_as_people_type_them(typed, spans) -> None:
    if spans is None:
        with pytest.raises(HoursError):
            spans_typed(typed)
    else:
        assert spans_typed(typed) == spans


SPANS = st.sets(st.integers(0, 48), min_size=0, max_size=8).map(
    lambda marks: tuple(zip(*[iter(sorted(marks))] * 2, strict=False))
)


@given(SPANS)
def test_hours_that_are_written_are_read_again(spans) -> None:
    assert spans_typed(spans_words(spans)) == spans


OPENINGS = st.builds(
    Openings,
    weekly=st.tuples(*[SPANS] * 7),
    starts_on=st.none() | st.dates(dt.date(2026, 1, 1), dt.date(2026, 6, 1)),
    ends_on=st.none() | st.dates(dt.date(2026, 6, 2), dt.date(2026, 12, 1)),
    closed=st.frozensets(st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)), max_size=5),
    other=st.dictionaries(st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)), SPANS, max_size=5),
    skips_holidays=st.booleans(),
)


@given(OPENINGS, st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)))
def test_an_opening_pattern_survives_being_kept(openings, day) -> None:
    again = Openings.from_plain(openings.as_plain())
    assert again == openings
    halves = cells_of_day(Grain.HALF_HOUR, day)
    open_halves = {half_of(Grain.HALF_HOUR, one) for one in halves if openings.is_open(Grain.HALF_HOUR, one)}  # fmt: skip
    assert open_halves == {half for start, end in openings.spans_on(day) for half in range(start, end)}  # fmt: skip
    assert openings.is_open(Grain.NIGHT, day.toordinal()) == bool(openings.spans_on(day))


@pytest.mark.parametrize("wrong", [
    {}, {"weekly": []}, {"weekly": [[]] * 6}, {"weekly": [[[9, 3]]] * 7}, {"weekly": "x"},
    {"weekly": [[]] * 7, "closed": ["2026-13-01"]}, {"weekly": [[]] * 7, "other": {"x": []}},
    {"weekly": [[]] * 7, "starts_on": "2026-02-01", "ends_on": "2026-01-01"}, None,
])  # fmt: skip
def test_what_is_no_opening_pattern_is_refused(wrong: Any) -> None:
    with pytest.raises(HoursError):
        Openings.from_plain(wrong)


def test_public_holidays_can_be_left_out_and_single_days_have_the_last_word() -> None:
    national = dt.date(2026, 10, 1)
    plain, closed = Openings(), Openings(skips_holidays=True)
    assert plain.spans_on(national) == WHOLE
    assert closed.spans_on(national) == ()
    assert Openings(skips_holidays=True, other={national: ((18, 24),)}).spans_on(national) == ((18, 24),)  # fmt: skip
    assert Openings(closed=frozenset({MONDAY})).spans_on(MONDAY) == ()


TAKEN = st.dictionaries(st.integers(1, 5), st.sets(st.integers(0, 20)), max_size=5)


@given(TAKEN, st.integers(1, 5), st.integers(1, 3), st.integers(2, 15), st.integers(0, 4))
def test_the_units_chosen_are_free_and_leave_the_least_in_pieces(taken, units, size, first, more) -> None:  # fmt: skip
    run, bounds = Run(first, first + more), Run(0, 20)
    chosen = units_for(units, size, run, taken, bounds)
    free = [unit for unit in range(1, units + 1) if not set(run) & taken.get(unit, set())]
    if chosen is None:
        assert len(free) < size
        return
    assert len(set(chosen)) == size
    assert set(chosen) <= set(free)
    stretch = {unit: _stretch(run, taken.get(unit, set()), bounds) for unit in free}
    worst = max(stretch[unit] for unit in chosen)
    assert all(stretch[unit] >= worst for unit in set(free) - set(chosen))


def _stretch(run: Run, held: set[int], bounds: Run) -> int:
    """Count the free cells around a run the slow way."""
    cells = [cell for cell in bounds if cell not in held]
    found = set(run)
    for _ in bounds:
        found |= {cell for cell in cells if cell - 1 in found or cell + 1 in found}
    return len(found)


def test_a_gap_is_filled_before_a_long_stretch_is_cut() -> None:
    taken = {1: {1, 2, 6, 7}, 2: set(), 3: {5}}
    assert units_for(3, 1, Run(3, 5), taken, Run(0, 20)) == (1,)


def load_of(bookings: list[Seated]) -> dict[int, int]:
    """Count the units taken in each cell."""
    load: dict[int, int] = {}
    for booking in bookings:
        for cell in booking.run:
            load[cell] = load.get(cell, 0) + booking.size
    return load


BOOKED = st.lists(
    st.tuples(st.integers(0, 15), st.integers(1, 6), st.integers(1, 2)), min_size=1, max_size=14
)


@given(BOOKED)
def test_whatever_fits_each_night_fits_altogether(rows) -> None:
    wanted = [
        Seated(f"{number:02d}", Run(first, first + length - 1), size)
        for number, (first, length, size) in enumerate(rows)
    ]
    units = max(load_of(wanted).values())
    seats = seated(units, wanted)
    assert seats is not None
    grid = [(unit, cell) for one in wanted for unit in seats[one.key] for cell in one.run]
    assert len(grid) == len(set(grid)), "nobody shares a cell"
    assert all(len(seats[one.key]) == one.size for one in wanted)
    assert seated(units - 1, wanted) is None, "and one less is one too few"


@given(BOOKED, st.integers(0, 15))
def test_who_has_begun_stays_and_who_need_not_move_does_not(rows, today) -> None:
    wanted = [
        Seated(f"{number:02d}", Run(first, first + length - 1), size)
        for number, (first, length, size) in enumerate(rows)
    ]
    units = max(load_of(wanted).values()) + 1
    seats = seated(units, wanted)
    assert seats is not None
    begun = [
        Seated(one.key, one.run, one.size, seats[one.key], one.run.first <= today) for one in wanted
    ]
    assert seated(units, begun) == seats, "what fits stays as it is"
    extra = Seated("new", Run(today + 1, today + 3))
    if all(load_of([*begun, extra])[cell] <= units for cell in extra.run):
        again = seated(units, [*begun, extra])
        assert again is not None
        assert all(again[one.key] == seats[one.key] for one in begun if one.is_begun)


@given(st.sampled_from([None, *BookingState]), st.sampled_from(BookingVerb))
def test_a_verb_leads_on_only_from_where_it_may(state, verb) -> None:
    sources, _ = BOOKING_MOVES[verb]
    if state in sources:
        assert isinstance(booking_moved(state, verb), BookingState)
    else:
        with pytest.raises(BookingMoveError):
            booking_moved(state, verb)


def test_what_is_over_stays_over() -> None:
    over = set(BookingState) - RUNNING
    assert not [verb for verb, (sources, _) in BOOKING_MOVES.items() if sources & over]


TERMS = BookingTerms(Grain.NIGHT, units=4, most_units=2, least=2, most=5, ahead_days=30, per_life=7)


@pytest.mark.parametrize(
    ("terms", "openings", "run", "size", "had", "fault", "left"),
    [
        ({"is_off": True}, {}, (1, 2), 1, Had(), BookingFault.OFF, None),
        ({}, {}, (-1, 0), 1, Had(), BookingFault.LATE, None),
        ({"notice_minutes": 24 * 60}, {}, (0, 1), 1, Had(), BookingFault.LATE, None),
        ({}, {}, (31, 32), 1, Had(), BookingFault.AHEAD, None),
        ({}, {}, (1, 1), 1, Had(), BookingFault.SHORT, 2),
        ({}, {}, (1, 6), 1, Had(), BookingFault.LONG, 5),
        ({}, {}, (1, 2), 3, Had(), BookingFault.UNITS, 2),
        ({}, {}, (1, 2), 0, Had(), BookingFault.UNITS, 2),
        ({}, {"weekly": (WHOLE,) + ((),) * 6}, (1, 2), 1, Had(), BookingFault.CLOSED, None),
        ({}, {}, (1, 3), 1, Had(life=5), BookingFault.LIFE, 2),
        ({}, {}, (1, 2), 2, Had(life=4), BookingFault.LIFE, 3),
        ({}, {}, (1, 2), 1, Had(life=9), BookingFault.LIFE, 0),
        ({"per_year": 3}, {}, (1, 2), 1, Had(2, {2026: 2}), BookingFault.YEAR, 1),
    ],
)  # fmt: skip
def test_what_the_terms_do_not_allow_is_told_with_what_they_do(
    *, terms, openings, run, size, had, fault, left
) -> None:  # fmt: skip
    given_terms = BookingTerms(**{name: getattr(TERMS, name) for name in BookingTerms.__slots__} | terms)  # fmt: skip
    wanted = Wanted(Run(TONIGHT + run[0], TONIGHT + run[1]), size)
    with pytest.raises(BookingError) as error:
        booking_judged(given_terms, Openings(**openings), wanted, NOW, had)
    assert (error.value.fault, error.value.left) == (fault, left)


def test_what_the_terms_allow_passes() -> None:
    booking_judged(TERMS, Openings(weekly=EVERY_DAY), Wanted(Run(TONIGHT, TONIGHT + 1)), NOW, Had(life=5))  # fmt: skip
    free = BookingTerms(Grain.NIGHT, 1)
    booking_judged(free, Openings(), Wanted(Run(TONIGHT, TONIGHT)), NOW, Had(life=9, by_year={2026: 9}))  # fmt: skip
