"""The repair clock: nine to six on working days, make-up Saturdays among them."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from lianxin.kit.workdays import SHANGHAI, is_workday
from lianxin.stations.rules.clocks import A_DAY, due_after, worked_between

MOMENTS = st.integers(0, 320 * 24 * 60).map(
    lambda minute: dt.datetime(2026, 1, 3, tzinfo=dt.UTC) + dt.timedelta(minutes=minute)
)
WORK = st.integers(1, 60 * 60).map(lambda minutes: dt.timedelta(minutes=minutes))


def _at(month: int, day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def test_the_clock_stands_still_at_night_and_at_weekends() -> None:
    friday = _at(11, 20, 17)
    assert due_after(friday, dt.timedelta(hours=2)) == _at(11, 23, 10)
    assert due_after(_at(11, 23, 6), dt.timedelta(hours=2)) == _at(11, 23, 11)
    assert due_after(_at(11, 23, 9), A_DAY) == _at(11, 23, 18)


def test_a_make_up_saturday_is_worked_and_a_festival_is_not() -> None:
    assert due_after(_at(2, 13, 17), dt.timedelta(hours=2)) == _at(2, 14, 10)
    assert due_after(_at(2, 14, 17), dt.timedelta(hours=2)) == _at(2, 24, 10)


@given(MOMENTS, WORK)
def test_between_start_and_due_lies_the_work_that_was_asked(start, work) -> None:
    due = due_after(start, work)
    assert worked_between(start, due) == work
    there = due.astimezone(SHANGHAI)
    assert is_workday(there.date())
    assert dt.time(9) < there.time() <= dt.time(18)


@given(MOMENTS, MOMENTS, MOMENTS)
def test_time_adds_up(one, two, three) -> None:
    a, b, c = sorted([one, two, three])
    assert worked_between(a, b) + worked_between(b, c) == worked_between(a, c)
    assert worked_between(b, a) == -worked_between(a, b)


@given(MOMENTS, WORK, WORK)
def test_more_work_is_due_later(start, one, other) -> None:
    assert due_after(start, one) < due_after(start, one + other)
    assert due_after(due_after(start, one), other) == due_after(start, one + other)
