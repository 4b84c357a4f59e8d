"""Deadlines in official working days, stopped clocks, and the days that are made up for."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.kit import workdays
from lianxin.kit.workdays import SHANGHAI
from lianxin.procedures.rules.clock import (
    LATE,
    acts_at,
    due,
    escalated,
    left,
    resumed,
    taken_over,
)
from lianxin.procedures.rules.definition import Late, LateAction

moments = st.datetimes(
    dt.datetime(2025, 1, 2), dt.datetime(2026, 11, 1), timezones=st.just(dt.UTC)  # noqa: DTZ001
)  # fmt: skip


def at(day: str, hour: int = 10) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour), tzinfo=SHANGHAI)


def test_a_make_up_saturday_counts_and_a_holiday_does_not() -> None:
    # Spring Festival 2026: off 15–23 February, worked on Saturdays 14 and 28 February.
    assert due(at("2026-02-13"), 1).astimezone(SHANGHAI).date() == dt.date(2026, 2, 14)
    assert due(at("2026-02-13"), 2).astimezone(SHANGHAI).date() == dt.date(2026, 2, 24)
    assert due(at("2026-02-27"), 1).astimezone(SHANGHAI).date() == dt.date(2026, 2, 28)


def test_a_clock_stopped_over_the_holidays_gives_back_what_was_left() -> None:
    ends = due(at("2026-02-11"), 5)  # 12, 13, 14 (made up), 24, 25 February
    assert ends.astimezone(SHANGHAI).date() == dt.date(2026, 2, 25)
    rest = left(at("2026-02-13"), ends)
    assert rest == 3
    assert resumed(at("2026-02-26"), ends, rest).astimezone(SHANGHAI).date() == dt.date(2026, 3, 2)


@given(moments, st.integers(1, 30), st.integers(0, 60), st.integers(0, 60))
def test_nobody_loses_time_by_a_stopped_clock(
    begun: dt.datetime, days: int, until: int, pause: int
) -> None:
    ends = due(begun, days)
    stopped = begun + dt.timedelta(days=until)
    rest = left(stopped, ends)
    again = stopped + dt.timedelta(days=pause)
    new = resumed(again, ends, rest)
    assert new >= ends
    if rest == LATE:
        assert new == ends
    else:
        assert (
            workdays.workdays_between(
                again.astimezone(SHANGHAI).date(), new.astimezone(SHANGHAI).date()
            )
            >= rest
        )


@given(moments, st.integers(1, 30))
def test_a_due_time_is_the_close_of_a_working_day_to_come(begun: dt.datetime, days: int) -> None:
    ends = due(begun, days).astimezone(SHANGHAI)
    assert ends.hour == 18
    assert workdays.is_workday(ends.date())
    assert ends > begun


@given(moments, st.integers(1, 30))
def test_who_takes_over_has_fair_time_and_who_escalates_half(begun: dt.datetime, days: int) -> None:
    assert taken_over(begun, due(begun, days)) >= due(begun, 2)
    assert due(begun, 1) <= escalated(begun, days) <= due(begun, days)


@pytest.mark.parametrize(
    ("after", "day"), [(0, "2026-02-14"), (1, "2026-02-24"), (2, "2026-02-25")]
)
def test_acts_against_lateness_count_working_days_too(after: int, day: str) -> None:
    ends = due(at("2026-02-13"), 1)
    (acts,) = acts_at(ends, [Late(action=LateAction.REMIND, after_days=after)])
    assert acts.astimezone(SHANGHAI) == at(day, 18)
