"""What people met before the door: enough of them close a station, none for ever, a keeper outweighs."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from lianxin.stations.rules.truth import (
    KEEPER_LIFE,
    LIFE,
    MEMORY,
    MOST_WORDS,
    NOTHING,
    Met,
    is_disputed,
    needed_after,
    verdict_of,
)

NOON = dt.datetime(2026, 11, 24, 4, tzinfo=dt.UTC)
AGO = st.integers(0, 48 * 60).map(lambda minutes: NOON - dt.timedelta(minutes=minutes))
STRANGERS = st.lists(st.builds(Met, AGO, st.sampled_from("abcdefghijklmnop")), max_size=30)
EVERYBODY = st.lists(st.builds(Met, AGO, st.sampled_from("abcdefgh"), st.booleans()), max_size=20)
WORDS = st.lists(AGO, max_size=5)


def _met(minutes: float, teller: str, *, keeper: bool = False) -> Met:
    return Met(NOON - dt.timedelta(minutes=minutes), teller, keeper)


def test_one_stranger_raises_a_doubt_and_two_close() -> None:
    one = verdict_of([_met(20, "a")], [], NOON)
    assert (one.is_doubtful, one.is_locked) == (True, False)
    two = verdict_of([_met(20, "a"), _met(5, "b")], [], NOON)
    assert (two.is_doubtful, two.is_locked) == (False, True)
    assert (two.since, two.last_at) == (_met(20, "a").at, _met(5, "b").at)
    assert two.until == _met(20, "a").at + LIFE


def test_one_who_says_it_ten_times_is_one() -> None:
    verdict = verdict_of([_met(n, "a") for n in range(10)], [], NOON)
    assert (verdict.is_locked, verdict.tellers) == (False, 1)


def test_the_keeper_alone_closes_and_opens() -> None:
    assert verdict_of([_met(60, "k", keeper=True)], [], NOON).is_locked
    assert verdict_of([_met(60, "k", keeper=True)], [_met(30, "").at], NOON) == NOTHING


@given(EVERYBODY, WORDS)
def test_the_order_of_telling_does_not_matter(met: list[Met], words) -> None:
    assert verdict_of(met, words, NOON) == verdict_of(met[::-1], words[::-1], NOON)


@given(EVERYBODY, WORDS)
def test_a_verdict_is_one_thing(met: list[Met], words) -> None:
    verdict = verdict_of(met, words, NOON)
    assert not (verdict.is_locked and verdict.is_doubtful)
    assert (verdict.until is not None) is verdict.is_locked
    if verdict.is_locked:
        assert verdict.until is not None
        assert verdict.since is not None
        assert verdict.last_at is not None
        assert NOON < verdict.until <= NOON + KEEPER_LIFE
        assert verdict.since <= verdict.last_at <= NOON


@given(EVERYBODY, WORDS)
def test_it_stays_closed_exactly_until_it_said_it_would(met: list[Met], words) -> None:
    until = verdict_of(met, words, NOON).until
    if until is None:
        return
    assert verdict_of(met, words, until - dt.timedelta(seconds=1)).is_locked
    later = verdict_of(met, words, until)
    # As the keeper's words are forgotten it takes fewer strangers again: only then it goes on.
    assert not later.is_locked or needed_after(words, until) != needed_after(words, NOON)


@given(STRANGERS, WORDS)
def test_no_flood_of_strangers_closes_for_ever(met: list[Met], words) -> None:
    assert verdict_of(met, words, NOON + LIFE) == NOTHING


@given(EVERYBODY)
def test_the_keepers_word_wipes_away_whatever_was_said_before(met: list[Met]) -> None:
    assert verdict_of(met, [NOON], NOON) == NOTHING


@given(STRANGERS, WORDS, AGO, st.sampled_from("abcxyz"))
def test_a_further_report_never_opens(met: list[Met], words, at, teller: str) -> None:
    if verdict_of(met, words, NOON).is_locked:
        assert verdict_of([*met, Met(at, teller)], words, NOON).is_locked


@given(EVERYBODY, WORDS)
def test_a_further_word_of_the_keeper_never_closes(met: list[Met], words) -> None:
    if not verdict_of(met, words, NOON).is_locked:
        assert not verdict_of(met, [*words, NOON - dt.timedelta(minutes=1)], NOON).is_locked


def test_each_word_of_the_keeper_makes_strangers_need_twice_as_many() -> None:
    words = [NOON - dt.timedelta(hours=hours) for hours in (1, 5, 9, 30)]
    assert [needed_after(words[:n], NOON) for n in range(4)] == [2, 4, 8, None]
    assert needed_after(words[3:], NOON) == 2
    assert is_disputed(words, NOON)
    assert not is_disputed(words[:2], NOON)
    assert not is_disputed(words, NOON + MEMORY)


@given(STRANGERS)
def test_who_looks_after_her_station_cannot_be_closed_out(met: list[Met]) -> None:
    words = [NOON - dt.timedelta(minutes=n) for n in range(MOST_WORDS)]
    assert not verdict_of(met, words, NOON).is_locked


def test_with_nothing_said_there_is_nothing_to_judge() -> None:
    assert verdict_of([], [NOON], NOON) == NOTHING
