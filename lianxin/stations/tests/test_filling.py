"""Hours as they are filled in: read, written, read again; around the clock leaves no minute out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.stations.rules.filling import LineError, lines_of_week, week_of_lines
from lianxin.stations.rules.hours import (
    HOLIDAY,
    MAKE_UP,
    WEEKDAYS,
    Span,
    is_always_open,
    spans_read,
)
from lianxin.stations.tests.test_hours import some_spans


@st.composite
def some_week(draw):
    week = {day: draw(some_spans()) for day in WEEKDAYS}
    if draw(st.booleans()):
        week = {**week, **dict.fromkeys("12345", draw(some_spans()))}
    for kind in (HOLIDAY, MAKE_UP):
        if draw(st.booleans()):
            week[kind] = draw(some_spans())
    return week


@given(some_week())
def test_what_is_shown_to_be_filled_in_is_read_as_the_same_week(week) -> None:
    assert week_of_lines(*lines_of_week(week)) == week


@given(some_week())
def test_around_the_clock_leaves_no_minute_out_and_keeps_who_is_there_when(week) -> None:
    attended, unattended = lines_of_week(week)
    always = week_of_lines(attended, unattended, is_always=True)
    assert is_always_open(always)
    for kind, spans in week.items():
        assert [one for one in always[kind] if one.is_attended] == sorted(
            one for one in spans if one.is_attended
        )


def test_one_line_for_the_workdays_and_others_where_they_differ() -> None:
    week = week_of_lines(
        {"work": "8:00-18:00", "3": "休息", "6": "9:00-12:00", "holiday": "休息"}, {}
    )
    day = spans_read("8:00-18:00")
    assert [week[one] for one in WEEKDAYS] == [day, day, (), day, day, spans_read("9:00-12:00"), ()]
    assert week[HOLIDAY] == ()
    assert MAKE_UP not in week


def test_by_day_with_somebody_by_night_without() -> None:
    week = week_of_lines(
        {"work": "8:00-22:00", "6": "8:00-22:00", "7": "8:00-22:00"}, {}, is_always=True
    )
    assert week["1"] == (Span(0, 480, False), Span(480, 1320), Span(1320, 1440, False))


@pytest.mark.parametrize(
    ("attended", "unattended", "line", "is_attended"),
    [
        ({"work": "?"}, {}, "work", True),
        ({}, {"7": "25:00-26:00"}, "7", False),
        ({"3": "8-9,8-10"}, {}, "3", True),
    ],
)
def test_a_line_that_cannot_be_read_is_named(attended, unattended, line, is_attended) -> None:
    with pytest.raises(LineError) as refused:
        week_of_lines(attended, unattended)
    assert (refused.value.line, refused.value.is_attended) == (line, is_attended)
