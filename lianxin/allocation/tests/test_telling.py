"""Many claims that move at once are told a few at a time, each person once, and nobody else waits for it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from lianxin.accounts.testing import user_of
from lianxin.allocation.models import Claim, Pool
from lianxin.allocation.selectors.showing import place_in_line, places_in_line
from lianxin.allocation.services import (
    claim_cancel,
    claim_take,
    draw_settle,
    moves_tell,
    pool_call_off,
    telling,
)
from lianxin.allocation.testing import ask_of, claim_made, pool_make
from lianxin.allocation.testing.draws import ruled
from lianxin.jobs.testing import settle
from lianxin.kit.testing import stopped_clock
from lianxin.notify.testing import letters_to

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
SEVEN = 7


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch) -> None:
    monkeypatch.setattr(telling, "AT_ONCE", 3)


def crowd_in(pool: Pool) -> list[Claim]:
    return [claim_made(pool, user_of(f"职工{number}").pk) for number in range(SEVEN)]


def letters(claim: Claim) -> list[Any]:
    assert claim.account_id is not None
    return letters_to(claim.account_id)


def told(claims: list[Claim]) -> list[int]:
    return [len(letters(claim)) for claim in claims]


def test_a_calling_off_is_told_a_few_at_a_time_and_to_each_once(fed) -> None:
    pool = pool_make(fed.organisation("yangtze"), SEVEN)
    claims = crowd_in(pool)
    settle()
    pool_call_off(actor=fed.actor("wang"), pool_id=pool.pk)
    pool.refresh_from_db()
    assert moves_tell(pool_id=pool.pk, from_seq=1, to_seq=pool.seq) == 3
    assert sum(told(claims)) == 3
    settle()
    assert told(claims) == [1] * SEVEN
    moves_tell(pool_id=pool.pk, from_seq=1, to_seq=pool.seq)
    settle()
    assert told(claims) == [1] * SEVEN


def test_an_offer_elsewhere_is_told_before_the_rest_of_a_calling_off(fed) -> None:
    with stopped_clock(NOON) as clock:
        large = pool_make(fed.organisation("yangtze"), SEVEN)
        claims = crowd_in(large)
        small = pool_make(fed.organisation("yangtze"), 1)
        first = claim_made(small, fed.account_id("lin"))
        waiting = claim_made(small, fed.account_id("zhao"))
        settle()
        pool_call_off(actor=fed.actor("wang"), pool_id=large.pk)
        clock.move(seconds=1)
        claim_cancel(actor=fed.actor("lin"), claim_id=first.pk)
        settle()
        [offer] = letters(waiting)
        ids = [letter.id for claim in claims for letter in letters(claim)]
    assert len(ids) == SEVEN
    # Ids are made in the order in which letters are written.
    assert sorted([*ids, offer.id]).index(offer.id) == 3


def test_whoever_a_draw_left_waiting_reads_her_own_number(fed) -> None:
    pool = ruled(pool_make(fed.organisation("yangtze"), 1, method="draw"))
    claims = crowd_in(pool)
    draw_settle(pool_id=pool.pk, order=[claim.pk for claim in claims])
    settle()
    assert told(claims) == [1] * SEVEN
    for number, claim in enumerate(claims[1:], start=1):
        assert f"第{number}位" in letters(claim)[0].body


def test_numbers_in_line_are_those_of_each_counted_alone(fed) -> None:
    pool = pool_make(fed.organisation("yangtze"), 1)
    claim_take(ask_of(pool, fed.account_id("lin")))
    for number in range(SEVEN):
        claim_made(pool, user_of(f"职工{number}").pk, stratum=number % 2)
    waiting = list(Claim.objects.filter(pool=pool, state="waiting").order_by("-made_at"))[1:6]
    assert places_in_line(waiting) == {one.pk: place_in_line(one) for one in waiting}
    assert places_in_line([]) == {}
