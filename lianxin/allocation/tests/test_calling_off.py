"""A large pool is called off in pieces: off at once, each told once, whoever dies in the middle."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.allocation.models import Claim, LedgerLine, Pool
from lianxin.allocation.rules.claims import Fault, State, Verb
from lianxin.allocation.selectors.recounting import recount_of
from lianxin.allocation.selectors.showing import claim_sentence
from lianxin.allocation.services import (
    claim_cancel,
    claim_take,
    gate_list,
    gate_open,
    offer_accept,
    pool_call_off,
    pools,
)
from lianxin.allocation.testing import ask_of, claim_made, pool_make
from lianxin.jobs.testing import crash_everywhere, leases_end, settle
from lianxin.kit import clock
from lianxin.kit.errors import StaleError
from lianxin.notify.testing import letters_to

PEOPLE = ("lin", "zhao", "tang", "sun", "chen")


@pytest.fixture(autouse=True)
def pieces(monkeypatch):
    monkeypatch.setattr(pools, "DROPPED_AT_ONCE", 2)


def filled(fed) -> Pool:
    pool = pool_make(fed.organisation("yangtze"), 4)
    for who in PEOPLE:
        claim_made(pool, fed.account_id(who))
    return pool


def left(pool: Pool) -> int:
    return Claim.objects.filter(pool=pool).exclude(state__in=[State.DROPPED, State.CANCELLED]).count()  # fmt: skip


def whole(fed, pool: Pool) -> None:
    assert left(pool) == 0
    assert recount_of(pool.pk).faults == []
    assert LedgerLine.objects.filter(pool=pool, verb=Verb.DROPPED).count() == len(PEOPLE)
    for claim in Claim.objects.filter(pool=pool):
        assert claim.account_id
        assert sum(str(claim.pk) in one.url for one in letters_to(claim.account_id)) == 1


@pytest.mark.django_db
def test_it_is_off_at_once_and_claims_follow_in_pieces(fed, client) -> None:
    pool = filled(fed)
    gate, _secret = gate_open(actor=fed.actor("wang"), pool_id=pool.pk, name="北门")
    settle()
    pool = pool_call_off(actor=fed.actor("wang"), pool_id=pool.pk)
    assert (left(pool), recount_of(pool.pk).faults) == (3, [])
    gate.refresh_from_db()
    assert gate_list(gate)["claims"] == [], "no door lets in on what is being called off"
    late = Claim.objects.get(pool=pool, account_id=fed.account_id("sun"))
    assert late.standing is State.CONFIRMED
    sign_in(client, fed.account("sun"))
    page = client.get(reverse("allocation:claim", args=[late.pk]))
    assert page.context["sentence"] == claim_sentence(Claim.objects.filter(pool=pool, state=State.DROPPED)[0])  # fmt: skip
    assert "picture" not in page.context
    assert claim_take(ask_of(pool, fed.account_id("ma"))).fault is Fault.OFF
    settle()
    settle()
    whole(fed, pool)
    pool_call_off(actor=fed.actor("wang"), pool_id=pool.pk)
    settle()
    whole(fed, pool)


@pytest.mark.django_db
def test_an_offer_is_not_taken_up_while_it_is_called_off(fed) -> None:
    pool = filled(fed)
    own = Claim.objects.get(pool=pool, account_id=fed.account_id("lin"))
    claim_cancel(actor=fed.actor("lin"), claim_id=own.pk)
    offered = Claim.objects.get(pool=pool, state=State.OFFERED)
    pool_call_off(actor=fed.actor("wang"), pool_id=pool.pk)
    with pytest.raises(StaleError):
        offer_accept(actor=fed.actor("chen"), claim_id=offered.pk)
    settle()
    settle()
    assert left(pool) == 0


@pytest.mark.django_db(transaction=True)
def test_it_comes_to_its_end_whoever_dies_at_any_commit(fed) -> None:
    """Slow: as many callings off as there are commits, each cut off at another one and finished."""
    made = [filled(fed)]
    settle()

    def off() -> None:
        pool_call_off(actor=fed.actor("wang"), pool_id=made[-1].pk)
        for _piece in range(4):
            settle(clock.now() + dt.timedelta(minutes=10))

    def after(_number: int) -> None:
        leases_end(clock.now() + dt.timedelta(minutes=20))
        off()
        whole(fed, made[-1])
        made.append(filled(fed))
        settle()

    assert crash_everywhere(off, after=after) >= 4
    whole(fed, made[-1])
