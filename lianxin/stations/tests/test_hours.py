"""Opening hours: past midnight, on holidays and make-up Saturdays, in exceptions, minute by minute."""

from __future__ import annotations

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.kit.workdays import SHANGHAI
from lianxin.stations.rules.hours import (
    DAY,
    FAR,
    HOLIDAY,
    MAKE_UP,
    NEAR,
    WEEKDAYS,
    WHOLE_DAY,
    Almanac,
    HoursError,
    Shut,
    Span,
    Special,
    Timetable,
    clock_of,
    hours_at,
    is_always_open,
    spans_checked,
    spans_on,
    spans_read,
    spans_written,
    spells_between,
    week_packed,
    week_read,
)

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 20)
DAYS = st.dates(FIRST, LAST)
MOMENTS = st.integers(0, 350 * 24 * 60).map(
    lambda minute: dt.datetime(2026, 1, 2, tzinfo=dt.UTC) + dt.timedelta(minutes=minute)
)
QUARTERS = st.integers(0, 95).map(lambda n: n * 15)


@st.composite
def some_spans(draw):
    spans: list[Span] = []
    for _ in range(draw(st.integers(0, 3))):
        opens = draw(QUARTERS)
        span = Span(opens, opens + draw(st.integers(1, 96)) * 15, draw(st.booleans()))
        try:
            spans = list(spans_checked([*spans, span]))
        except HoursError:
            continue
    return tuple(spans)


@st.composite
def some_timetable(draw):
    kinds = draw(st.sets(st.sampled_from((*WEEKDAYS, HOLIDAY, MAKE_UP))))
    specials = []
    for made in range(draw(st.integers(0, 3))):
        first = draw(DAYS)
        last = first + dt.timedelta(days=draw(st.integers(0, 20)))
        specials.append(Special(first, last, draw(some_spans()), made))
    shuts = []
    for _ in range(draw(st.integers(0, 2))):
        at = draw(MOMENTS)
        hours = draw(st.one_of(st.none(), st.integers(1, 100)))
        shuts.append(Shut(at, at + dt.timedelta(hours=hours) if hours else None))
    return Timetable({kind: draw(some_spans()) for kind in kinds}, specials, shuts)


def plainly_open(at: dt.datetime, table: Timetable, *, only_attended: bool = False) -> bool:
    """Say it the slow way: look at every span of today and of yesterday."""
    if any(shut.covers(at) for shut in table.shuts):
        return False
    there = at.astimezone(SHANGHAI)
    minute = there.hour * 60 + there.minute
    almanac = Almanac()
    for back in (0, 1):
        for span in spans_on(there.date() - dt.timedelta(days=back), table, almanac):
            is_meant = span.is_attended or not only_attended
            if is_meant and span.opens <= minute + back * DAY < span.closes:
                return True
    return False


@given(some_timetable(), MOMENTS)
def test_the_hours_say_what_every_span_says(table: Timetable, now: dt.datetime) -> None:
    found = hours_at(now, table, Almanac())
    assert found.is_open is plainly_open(now, table)
    assert found.is_attended is plainly_open(now, table, only_attended=True)


@given(some_timetable(), MOMENTS)
def test_what_is_said_of_the_next_change_comes_true(table: Timetable, now: dt.datetime) -> None:
    found = hours_at(now, table, Almanac())
    minute = dt.timedelta(minutes=1)
    if found.is_open and found.closes_at:
        assert not plainly_open(found.closes_at, table)
        assert plainly_open(found.closes_at - minute, table)
    elif found.opens_at:
        assert plainly_open(found.opens_at, table)
        assert not plainly_open(found.opens_at - minute, table)
        assert now < found.opens_at <= now + FAR
    if found.attended_until:
        assert found.attended_until < now + NEAR
        assert not plainly_open(found.attended_until, table, only_attended=True)


@given(some_timetable(), MOMENTS, st.integers(1, 200))
def test_spells_are_in_order_apart_and_whole(table: Timetable, now, hours: int) -> None:
    end = now + dt.timedelta(hours=hours)
    spells = list(spells_between(now, end, table, Almanac()))
    assert all(now <= one.starts_at < one.ends_at <= end for one in spells)
    assert all(
        one.ends_at < after.starts_at or _shut_between(one.ends_at, after.starts_at, table)
        for one, after in itertools.pairwise(spells)
    )
    for offset in range(0, hours * 60, 37):
        at = now + dt.timedelta(minutes=offset)
        assert any(one.starts_at <= at < one.ends_at for one in spells) is plainly_open(at, table)


def _shut_between(at: dt.datetime, until: dt.datetime, table: Timetable) -> bool:
    return any(shut.starts_at <= at and until <= (shut.ends_at or until) for shut in table.shuts)


@given(some_timetable())
def test_a_week_is_kept_as_it_was(table: Timetable) -> None:
    assert week_read(week_packed(table.week)) == dict(table.week)


@given(some_spans())
def test_what_is_written_can_be_typed_again(spans) -> None:
    for attended in (True, False):
        kept = tuple(one for one in spans if one.is_attended is attended)
        assert spans_read(spans_written(spans, is_attended=attended), is_attended=attended) == kept


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("8:00-22:00", [(480, 1320)]),
        ("08:00–12:00、14:00～18:00", [(480, 720), (840, 1080)]),
        ("22:00-8:00", [(1320, 1920)]),
        ("9点到17点", [(540, 1020)]),
        ("8-12, 13:30-18", [(480, 720), (810, 1080)]),
        ("8：00 至 20：00", [(480, 1200)]),
        ("全天", [(0, DAY)]),
        ("24 小时", [(0, DAY)]),
        ("0:00-24:00", [(0, DAY)]),
        ("8:00-8:00", [(480, 480 + DAY)]),
        ("休息", []),
        ("closed", []),
        ("", []),
    ],
)
def test_hours_are_read_as_people_type_them(typed: str, spans: list[tuple[int, int]]) -> None:
    assert spans_read(typed) == tuple(Span(*one) for one in spans)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("morning", "form"), ("8:00", "form"), ("8:00-25:00", "form"), ("8:00-12:00 and later", "form"),
     ("8:00-12:00 11:00-13:00", "overlap"), ("8:70-9:00", "form"), ("x 8:00-9:00", "form"),
     ("1-2,3-4,5-6,7-8,9-10,11-12,13-14", "many"), ("-", ""), ("24:00-8:00", "form")],
)  # fmt: skip
def test_what_is_no_hours_is_refused_with_a_reason(typed: str, code: str) -> None:
    if not code:
        assert spans_read(typed) == ()
        return
    with pytest.raises(HoursError) as refused:
        spans_read(typed)
    assert refused.value.code == code


@given(st.text(max_size=40))
def test_nothing_typed_breaks_the_reader(typed: str) -> None:
    try:
        spans = spans_read(typed)
    except HoursError:
        return
    assert spans == spans_checked(spans)


WORK = {day: (Span(540, 1080),) for day in "12345"} | {"6": (), "7": ()}


def _at(year: int, month: int, day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=SHANGHAI).astimezone(dt.UTC)


def _open(at: dt.datetime, table: Timetable) -> bool:
    return hours_at(at, table, Almanac()).is_open


def test_a_make_up_saturday_is_worked_like_a_monday_unless_somebody_said_otherwise() -> None:
    make_up, plain = _at(2026, 2, 14, 10), _at(2026, 2, 7, 10)
    assert _open(make_up, Timetable(WORK))
    assert not _open(plain, Timetable(WORK))
    assert not _open(make_up, Timetable(WORK | {MAKE_UP: ()}))


def test_a_holiday_follows_the_weekday_unless_it_has_hours_of_its_own() -> None:
    national_day = _at(2026, 10, 1, 10)  # a Thursday
    assert _open(national_day, Timetable(WORK))
    assert not _open(national_day, Timetable(WORK | {HOLIDAY: ()}))
    assert _open(_at(2026, 10, 4, 10), Timetable(WORK | {HOLIDAY: (Span(600, 720),)}))


def test_friday_night_runs_into_a_closed_saturday() -> None:
    table = Timetable(WORK | {"5": (Span(22 * 60, 32 * 60),)})
    assert _open(_at(2026, 11, 28, 7, 59), table)
    assert not _open(_at(2026, 11, 28, 8), table)
    closed = Special(dt.date(2026, 11, 28), dt.date(2026, 11, 28))
    assert _open(_at(2026, 11, 28, 7), Timetable(table.week, [closed]))


def test_the_narrowest_exception_wins_and_of_equals_the_latest() -> None:
    festival = Special(dt.date(2026, 2, 14), dt.date(2026, 2, 24), made=9)
    eve = Special(dt.date(2026, 2, 16), dt.date(2026, 2, 16), (Span(480, 720),), made=1)
    later = Special(dt.date(2026, 2, 16), dt.date(2026, 2, 16), (Span(600, 660),), made=2)
    assert not _open(_at(2026, 2, 18, 10), Timetable(WORK, [festival, eve]))
    assert _open(_at(2026, 2, 16, 9), Timetable(WORK, [festival, eve]))
    assert not _open(_at(2026, 2, 16, 9), Timetable(WORK, [festival, eve, later]))


def test_around_the_clock_never_says_when_it_closes() -> None:
    week = dict.fromkeys(WEEKDAYS, (WHOLE_DAY,))
    found = hours_at(_at(2026, 11, 28, 3), Timetable(week), Almanac())
    assert found.is_open
    assert found.closes_at is None
    assert is_always_open(week)
    halves = {day: (Span(480, 1320), Span(1320, 1920, is_attended=False)) for day in WEEKDAYS}
    assert is_always_open(halves)
    assert not is_always_open(week | {HOLIDAY: ()})
    assert not is_always_open(week | {"3": (Span(0, 1439),)})
    assert not is_always_open(dict.fromkeys("123456", (WHOLE_DAY,)))


def test_attended_by_day_and_unattended_by_night() -> None:
    week = {day: (Span(480, 1320), Span(1320, 1920, is_attended=False)) for day in WEEKDAYS}
    day, night = (hours_at(_at(2026, 11, 28, at), Timetable(week), Almanac()) for at in (12, 23))
    assert (day.is_attended, day.attended_until) == (True, _at(2026, 11, 28, 22))
    assert (night.is_open, night.is_attended) == (True, False)


def test_closed_until_lifted_has_no_next_opening() -> None:
    shut = Shut(_at(2026, 11, 23, 9))
    found = hours_at(_at(2026, 11, 24, 10), Timetable(WORK, shuts=[shut]), Almanac())
    assert (found.is_open, found.opens_at) == (False, None)


@given(st.sampled_from(["Asia/Urumqi", "Europe/Berlin", "America/New_York", "UTC"]), MOMENTS)
def test_a_day_is_a_day_of_the_place(zone: str, now: dt.datetime) -> None:
    almanac = Almanac(ZoneInfo(zone))
    table = Timetable({day: (Span(480, 1320),) for day in WEEKDAYS})
    there = now.astimezone(ZoneInfo(zone))
    assert hours_at(now, table, almanac).is_open is (8 <= there.hour < 22)


def test_minutes_are_written_as_a_clock() -> None:
    assert [clock_of(one) for one in (0, 485, 1440, 1440 + 480)] == [
        "0:00",
        "8:05",
        "24:00",
        "8:00",
    ]
