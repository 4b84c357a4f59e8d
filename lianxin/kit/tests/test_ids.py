"""Identifiers keep the order they were made in, whatever the clock does."""

from __future__ import annotations

import datetime as dt

from lianxin.kit.ids import new_id
from lianxin.kit.testing import stopped_clock

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


def test_ten_thousand_of_one_millisecond_stay_in_order():
    with stopped_clock(NOON):
        made = [new_id() for _ in range(10_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_a_clock_set_back_does_not_turn_the_order_around():
    with stopped_clock(NOON) as clock:
        before = new_id()
        clock.set(NOON - dt.timedelta(days=1))
        assert new_id() > before


def test_it_is_a_version_seven_of_the_standard():
    made = new_id()
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
