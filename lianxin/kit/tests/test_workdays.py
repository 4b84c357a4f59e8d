"""Working days: make-up Saturdays count, holidays do not, unknown years are said to be unknown."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.kit import workdays

DAYS = st.dates(dt.date(2005, 1, 1), dt.date(2035, 12, 31))
COUNTS = st.integers(0, 90)


@pytest.fixture
def own_file(tmp_path: Path, settings):
    settings.WORKDAYS_FILE = tmp_path / "workdays.yaml"
    workdays.forget()
    yield settings.WORKDAYS_FILE
    workdays.forget()


def test_spring_festival_is_off_and_its_make_up_saturday_is_worked() -> None:
    assert not workdays.is_workday(dt.date(2026, 2, 17))
    assert workdays.is_workday(dt.date(2026, 2, 14))
    assert not workdays.is_provisional(dt.date(2026, 2, 17))


def test_a_weekend_inside_or_beside_a_holiday_belongs_to_it(own_file: Path) -> None:
    # 2041: the 3rd is a Thursday, so the 3rd to the 6th is one run; the week after is a plain one.
    own_file.write_text("2041: {source: test, holidays: [2041-10-03, 2041-10-04], make_up: []}")
    days = [dt.date(2041, 10, day) for day in range(2, 14)]
    assert [day.day for day in days if workdays.is_holiday(day)] == [3, 4, 5, 6]
    assert workdays.is_holiday(dt.date(2026, 10, 4))
    assert not workdays.is_holiday(dt.date(2026, 10, 10)), "a Saturday that is worked"
    assert not workdays.is_holiday(dt.date(2026, 11, 22)), "a plain Sunday"


def test_a_year_not_announced_is_monday_to_friday_and_provisional() -> None:
    assert workdays.is_workday(dt.date(2041, 10, 1)) is True
    assert workdays.is_workday(dt.date(2041, 10, 5)) is False
    assert workdays.is_provisional(dt.date(2041, 10, 1))


def test_a_year_can_be_added_before_the_package_knows_it(own_file: Path) -> None:
    own_file.write_text("2041: {source: test, holidays: [2041-10-01], make_up: [2041-10-05]}")
    assert not workdays.is_workday(dt.date(2041, 10, 1))
    assert workdays.is_workday(dt.date(2041, 10, 5))
    assert not workdays.is_provisional(dt.date(2041, 10, 1))


def test_the_calendar_says_when_it_runs_out(own_file: Path) -> None:
    last = workdays.known_until()
    assert last >= dt.date(2026, 12, 31)
    assert workdays.days_left(last - dt.timedelta(days=30)) == 30
    own_file.write_text(f"{last.year + 1}: {{holidays: []}}\n{last.year + 3}: {{holidays: []}}")
    workdays.forget()
    assert workdays.known_until() == dt.date(last.year + 1, 12, 31)


@pytest.mark.parametrize(
    "text",
    ["2041: {holidays: [2040-01-01]}", "2041: {holydays: []}", "- 1", "2041: {holidays: [soon]}",
     "2041: {holidays: [2041-01-01], make_up: [2041-01-01]}", "{"],
)  # fmt: skip
def test_a_broken_file_is_refused_with_its_name(own_file: Path, text: str) -> None:
    own_file.write_text(text)
    with pytest.raises(workdays.CalendarError, match=r"workdays\.yaml"):
        workdays.is_workday(dt.date(2041, 1, 1))


@given(DAYS, COUNTS)
def test_adding_then_counting_gives_the_same_number(start: dt.date, days: int) -> None:
    end = workdays.add_workdays(start, days)
    assert workdays.workdays_between(start, end) == days
    assert days == 0 or workdays.is_workday(end)


@given(DAYS, COUNTS, COUNTS)
def test_adding_in_two_steps_is_adding_at_once(start: dt.date, one: int, two: int) -> None:
    twice = workdays.add_workdays(workdays.add_workdays(start, one), two)
    assert twice == workdays.add_workdays(start, one + two)


@given(DAYS, COUNTS)
def test_going_back_undoes_going_forward_from_a_workday(start: dt.date, days: int) -> None:
    first = workdays.add_workdays(start, 1)
    assert workdays.add_workdays(workdays.add_workdays(first, days), -days) == first


@given(DAYS, DAYS)
def test_counting_backwards_is_negative(one: dt.date, other: dt.date) -> None:
    assert workdays.workdays_between(one, other) == -workdays.workdays_between(other, one)


@given(DAYS, st.times(), COUNTS)
def test_a_deadline_is_six_in_the_evening_in_shanghai(day, time, days: int) -> None:
    start = dt.datetime.combine(day, time, tzinfo=dt.UTC)
    due = workdays.due_at(start, days)
    there = due.astimezone(ZoneInfo("Asia/Shanghai"))
    assert due.tzinfo is dt.UTC
    assert (there.hour, there.minute) == (18, 0)
    assert there.date() == workdays.add_workdays(start.astimezone(there.tzinfo).date(), days)
