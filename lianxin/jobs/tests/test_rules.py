"""Pauses grow, what fails too often dies, the daily hour comes once a day."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.jobs import rules

MOMENTS = st.datetimes(
    min_value=dt.datetime(2020, 1, 1),  # noqa: DTZ001  (hypothesis adds the zone)
    max_value=dt.datetime(2040, 1, 1),  # noqa: DTZ001
    timezones=st.just(dt.UTC),
)


@given(st.integers(min_value=1, max_value=60))
def test_pauses_never_shrink(tries):
    assert rules.pause_after(tries) <= rules.pause_after(tries + 1)


def test_what_fails_too_often_is_dead():
    assert rules.state_after_failure(rules.MOST_TRIES - 1) == "waiting"
    assert rules.state_after_failure(rules.MOST_TRIES) == "dead"
    assert rules.state_after_loss(rules.MOST_LOSSES - 1) == "waiting"
    assert rules.state_after_loss(rules.MOST_LOSSES) == "dead"


@given(MOMENTS, st.integers(min_value=1, max_value=100_000))
def test_an_interval_is_always_ahead_and_never_further_than_itself(at, seconds):
    coming = rules.next_time(at, seconds=seconds)
    assert at < coming <= at + dt.timedelta(seconds=seconds)


@given(MOMENTS, st.times())
def test_an_hour_of_the_day_comes_within_a_day_in_shanghai(at, hour):
    coming = rules.next_time(at, daily_at=hour)
    assert at < coming <= at + dt.timedelta(days=1)
    assert coming.astimezone(rules.SHANGHAI).time() == hour


def test_a_periodic_job_needs_a_rhythm():
    with pytest.raises(ValueError, match="needs"):
        rules.next_time(dt.datetime.now(dt.UTC))
