"""What may be offered and where an offer stands: pure."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.exchange.rules import (
    CROWD,
    Audience,
    Fault,
    Offer,
    State,
    Verb,
    Way,
    audience_of,
    fault_of,
    halves,
    moved,
    told_count,
)

TODAY = dt.date(2026, 11, 23)


def offer(**more: Any) -> Offer:
    given: dict[str, Any] = {"way": Way.VOUCHER, "words": "体检", "starts_on": TODAY, "ends_on": TODAY, "quantity": 5}  # fmt: skip
    return Offer(**(given | more))


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({}, None),
        ({"ends_on": TODAY - dt.timedelta(days=1)}, Fault.DAYS),
        ({"starts_on": TODAY - dt.timedelta(days=9), "ends_on": TODAY - dt.timedelta(days=1)}, Fault.OVER),
        ({"ends_on": TODAY + dt.timedelta(days=800)}, Fault.LONG),
        ({"quantity": None}, Fault.QUANTITY),
        ({"quantity": None, "way": Way.ASKED}, None),
        ({"opens": dt.time(9), "closes": dt.time(8)}, Fault.HOURS),
        ({"words": "详情 https://shop.example"}, Fault.LINK),
        ({"words": "搜索 buy-now.com 下单"}, Fault.LINK),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_by_the_first_fault(
    more: dict[str, Any], fault: Fault | None
) -> None:
    assert fault_of(offer(**more), TODAY) is fault


def test_an_ended_offer_stays_ended_and_only_what_was_sent_is_published() -> None:
    assert all(moved(State.ENDED, verb) is None for verb in Verb)
    assert {one for one in State if moved(one, Verb.PUBLISH)} == {State.OFFERED}
    assert moved(State.RETURNED, Verb.OFFER) is State.OFFERED
    assert moved(State.PUBLISHED, Verb.OFFER) is None


@given(st.integers(0, 10_000))
def test_a_number_of_people_is_told_only_where_it_hides_them(number: int) -> None:
    told = told_count(number)
    assert told == (number if number == 0 or number >= CROWD else None)


@given(st.times(), st.times())
def test_only_whole_half_hours_in_which_it_is_open_are_booked(opens: dt.time, closes: dt.time) -> None:  # fmt: skip
    first, last = halves(opens, closes)
    assert 0 <= first <= 48
    assert first * 30 >= opens.hour * 60 + opens.minute
    assert last * 30 <= closes.hour * 60 + closes.minute


def test_unions_book_and_persons_take_vouchers() -> None:
    assert audience_of(Way.BOOKED, Audience.WORKERS) is Audience.UNIONS
    assert audience_of(Way.VOUCHER, Audience.BOTH) is Audience.WORKERS
    assert audience_of(Way.ASKED, Audience.BOTH) is Audience.BOTH
