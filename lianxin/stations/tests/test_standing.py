"""How a station stands: what the keeper closed, what the hours say, what people met, in this order."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.kit.workdays import SHANGHAI
from lianxin.stations.rules.hours import WEEKDAYS, Almanac, Shut, Span, Special, Timetable
from lianxin.stations.rules.standing import State, is_kept_now, promises_open, standing_at
from lianxin.stations.rules.truth import LIFE, Met

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=SHANGHAI)
HOUR = dt.timedelta(hours=1)
WEEK = {day: (Span(480, 1320), Span(1320, 1440, is_attended=False)) for day in WEEKDAYS}
TABLE = Timetable(WEEK)
TWO = [Met(NOON - HOUR, "a"), Met(NOON - HOUR / 2, "b")]


def _standing(table: Timetable = TABLE, at: dt.datetime = NOON, **told):
    return standing_at(at, table, Almanac(), **told)


def test_open_until_the_hours_end() -> None:
    found = _standing()
    assert (found.state, found.is_attended) == (State.OPEN, True)
    assert found.attended_until == NOON + 10 * HOUR
    assert found.until == NOON + 12 * HOUR


def test_closed_by_its_hours_whatever_people_met() -> None:
    night = _standing(
        at=NOON - 6 * HOUR, met=[Met(NOON - 7 * HOUR, "a"), Met(NOON - 7 * HOUR, "b")]
    )
    assert night.state is State.CLOSED
    assert night.until == night.opens_at == NOON - 4 * HOUR


def test_two_who_met_a_locked_door_close_it_until_their_word_has_aged() -> None:
    found = _standing(met=TWO)
    assert found.state is State.LOCKED
    assert found.until == TWO[0].at + LIFE
    assert not found.is_open


def test_one_leaves_it_open_with_a_doubt() -> None:
    found = _standing(met=TWO[:1])
    assert (found.state, found.is_doubtful) == (State.OPEN, True)


def test_what_the_keeper_closed_says_until_when() -> None:
    shut = Shut(NOON - HOUR, NOON + 3 * HOUR, "repair")
    found = _standing(Timetable(WEEK, shuts=[shut]), met=TWO)
    assert (found.state, found.until, found.shut) == (State.SHUT, NOON + 3 * HOUR, shut)
    assert found.opens_at == NOON + 3 * HOUR


def test_an_exception_is_named_on_its_days() -> None:
    heat = Special(NOON.date(), NOON.date(), (Span(0, 1440),), reason="heat")
    found = _standing(Timetable(WEEK, [heat]), at=NOON - 9 * HOUR)
    assert (found.state, found.special) == (State.OPEN, heat)


def test_without_hours_one_knows_nothing_until_somebody_meets_a_locked_door() -> None:
    assert _standing(Timetable()).state is State.UNKNOWN
    assert _standing(Timetable(), met=TWO).state is State.LOCKED


@pytest.mark.parametrize(
    ("hours", "promised", "kept"), [(0, True, True), (11, True, False), (13, False, False)]
)
def test_a_keeper_is_disturbed_only_while_somebody_is_meant_to_be_there(
    hours, promised, kept
) -> None:
    at = NOON + hours * HOUR
    assert promises_open(at, TABLE, Almanac()) is promised
    assert is_kept_now(at, TABLE, Almanac()) is kept
