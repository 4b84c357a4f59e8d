"""The script of a door judges as the base does: what is genuine is let in, no forgery is, words are true."""

from __future__ import annotations

import random

import pytest

from lianxin.allocation.rules.tickets import code_of
from lianxin.allocation.services import (
    Sent,
    claim_amend,
    claim_cancel,
    gate_list,
    gate_open,
    scans_store,
    ticket_of,
)
from lianxin.allocation.testing import claim_made, pool_make
from lianxin.allocation.testing.tickets import doors_in_a_browser, forgery
from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.kit.testing import stopped_clock

pytestmark = [pytest.mark.django_db, pytest.mark.looks]
FORGERIES = {"own": 400, "ours": 120}  # our own arithmetic takes its time


@pytest.fixture(scope="module")
def ask():
    with doors_in_a_browser() as asked:
        yield asked


@pytest.fixture
def pool(fed):
    return pool_make(fed.organisation("yangtze"), 20, most=4)


@pytest.fixture
def gate(fed, pool):
    return gate_open(actor=fed.actor("wang"), pool_id=pool.pk, name="北门")[0]


@pytest.mark.parametrize("way", FORGERIES)
def test_no_forgery_is_let_in_at_a_door_and_every_true_ticket_is(fed, pool, gate, ask, way) -> None:
    """Takes seconds: a browser starts, and checks hundreds of signatures, in one way by hand."""
    claims = [claim_made(pool, fed.account_id(who), size=2) for who in ("lin", "zhao", "sun")]
    tickets = [ticket_of(claim) for claim in claims]
    chance = random.Random(20261128)  # noqa: S311  (the same forgeries each time)
    forged = [forgery(chance.choice(tickets), chance, tickets) for _ in range(FORGERIES[way])]
    told, is_unchecked = ask(gate_list(gate), tickets + forged, way)
    assert not is_unchecked
    assert told[:3] == [("", 2, False)] * 3
    assert [read for read, (fault, *_rest) in zip(forged, told[3:], strict=True) if not fault] == []
    assert {fault for fault, *_rest in told[3:]} >= {"form", "forged", "unknown_key"}


def test_where_no_signature_can_be_checked_only_the_list_is_believed(fed, pool, gate, ask) -> None:
    listed = gate_list(gate)
    newer = ticket_of(claim_made(pool, fed.account_id("lin")))
    assert ask(listed, [newer], "none") == ([("unlisted", 0, False)], True)
    listed = gate_list(gate)
    other = ticket_of(claim_made(pool, fed.account_id("zhao")))
    chance = random.Random(5)  # noqa: S311  (the same forgeries each time)
    forged = [forgery(other, chance) for _ in range(200)]
    told, is_unchecked = ask(listed, [newer, *forged], "none")
    assert is_unchecked
    assert told[0] == ("", 1, False)
    assert all(fault for fault, *_rest in told[1:]), "none of them is on the list"


def test_what_the_list_cannot_know_is_asked_and_what_it_knows_is_said(fed, pool, gate, ask) -> None:
    with stopped_clock(clock.now()) as hands:
        old = claim_made(pool, fed.account_id("lin"))
        given_back = ticket_of(old)
        hands.move(minutes=5)
        claim_cancel(actor=fed.actor("lin"), claim_id=old.pk)
        listed = gate_list(gate)
        hands.move(minutes=5)
        new = claim_made(pool, fed.account_id("zhao"), size=3)
    elsewhere = ticket_of(claim_made(pool_make(fed.organisation("yangtze"), 2), fed.account_id("sun")))  # fmt: skip
    reads = [given_back, ticket_of(new), code_of(new.pk), code_of(new_id()), elsewhere, "你好"]
    told, _unchecked = ask(listed, reads)
    assert told == [
        ("gone", 0, False), ("", 3, True), ("unlisted", 0, False), ("unlisted", 0, False),
        ("elsewhere", 0, False), ("form", 0, False),
    ]  # fmt: skip


def test_a_group_that_became_smaller_or_larger_comes_in_as_both_say(fed, pool, gate, ask) -> None:
    claim = claim_made(pool, fed.account_id("lin"), size=4)
    large, before = ticket_of(claim), gate_list(gate)
    small = ticket_of(claim_amend(actor=fed.actor("lin"), claim_id=claim.pk, size=2, details=""))
    after = gate_list(gate)
    assert ask(before, [small, large])[0] == [("", 2, False), ("", 4, False)]
    assert ask(after, [small, large])[0] == [("", 2, False), ("", 2, False)]
    # The door with the old list let in four by the old ticket: two of them count.
    one = Sent(new_id(), clock.now(), large, 4)
    assert scans_store(gate=gate, sent=[one]).entries == {one.scan_id: 2}


def test_an_older_smaller_ticket_shown_twice_lets_in_no_more_than_it_says(fed, pool, gate) -> None:
    claim = claim_made(pool, fed.account_id("lin"), size=2)
    small = ticket_of(claim)
    large = ticket_of(claim_amend(actor=fed.actor("lin"), claim_id=claim.pk, size=4, details=""))
    sent = [Sent(new_id(), clock.now(), read, size) for read, size in ((small, 2), (small, 2), (large, 4))]  # fmt: skip
    for one in sent:
        scans_store(gate=gate, sent=[one])
    told = scans_store(gate=gate, sent=sent)
    assert [told.entries[one.scan_id] for one in sent] == [2, 0, 2]
