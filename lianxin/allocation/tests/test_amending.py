"""What a claim says can be changed: more or fewer people, other answers, and the ledger agrees."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.allocation.models import Claim, Pool
from lianxin.allocation.rules.claims import State
from lianxin.allocation.selectors.recounting import recount_of
from lianxin.allocation.services import claim_amend, claim_cancel, claim_take
from lianxin.allocation.testing import ask_of, pool_make
from lianxin.allocation.testing.draws import ruled
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.members.testing import Federation
from lianxin.vault import api as vault

pytestmark = pytest.mark.django_db


def told(claim: Claim | None) -> str:
    assert claim is not None
    return vault.reveal(Claim.objects.get(pk=claim.pk), "details")


def right(pool: Pool) -> Pool:
    assert recount_of(pool.pk).faults == []
    return Pool.objects.get(pk=pool.pk)


def test_fewer_people_free_their_places_for_who_waits(fed: Federation) -> None:
    pool = pool_make(fed.organisation("yangtze"), 3, most=3)
    own = claim_take(ask_of(pool, fed.account_id("lin"), size=3, details="{}")).claim
    waits = claim_take(ask_of(pool, fed.account_id("zhao"))).claim
    for _twice in range(2):
        claim_amend(actor=fed.actor("lin"), claim_id=own.pk, size=2, details='{"a": 1}')
    waits.refresh_from_db()
    assert waits.standing is State.OFFERED
    assert told(own) == '{"a": 1}'
    after = right(pool)
    assert (after.taken, after.waiting) == (3, 0)


def test_more_people_come_along_while_there_is_room(fed: Federation) -> None:
    pool = pool_make(fed.organisation("yangtze"), 3, most=3)
    own = claim_take(ask_of(pool, fed.account_id("lin"))).claim
    claim_amend(actor=fed.actor("lin"), claim_id=own.pk, size=2, details="")
    claim_take(ask_of(pool, fed.account_id("zhao")))
    with pytest.raises(RefusedError):
        claim_amend(actor=fed.actor("lin"), claim_id=own.pk, size=3, details="lost?")
    with pytest.raises(RefusedError):
        claim_amend(actor=fed.actor("lin"), claim_id=own.pk, size=4, details="")
    assert told(own) == ""
    assert right(pool).taken == 3


def test_only_she_and_whoever_arranges_it_change_it_and_only_before_it_begins(
    fed: Federation,
) -> None:
    pool = pool_make(fed.organisation("yangtze"), 3, most=3)
    own = claim_take(ask_of(pool, fed.account_id("lin"))).claim
    for who in ("zhao", "ma"):
        with pytest.raises(ForbiddenError):
            claim_amend(actor=fed.actor(who), claim_id=own.pk, size=1, details="x")
    claim_amend(actor=fed.actor("wang"), claim_id=own.pk, size=1, details="by telephone")
    assert told(own) == "by telephone"
    Claim.objects.filter(pk=own.pk).update(size=2, used=2)
    with pytest.raises(RefusedError):
        claim_amend(actor=fed.actor("lin"), claim_id=own.pk, size=1, details="")
    Claim.objects.filter(pk=own.pk).update(size=1, used=0)
    Pool.objects.filter(pk=pool.pk).update(starts_at=clock.now() - dt.timedelta(minutes=1))
    with pytest.raises(StaleError):
        claim_amend(actor=fed.actor("lin"), claim_id=own.pk, size=1, details="late")
    Pool.objects.filter(pk=pool.pk).update(starts_at=clock.now() + dt.timedelta(days=1))
    claim_cancel(actor=fed.actor("lin"), claim_id=own.pk)
    with pytest.raises(StaleError):
        claim_amend(actor=fed.actor("lin"), claim_id=own.pk, size=1, details="gone")


def test_the_list_of_a_draw_stays_as_it_closed(fed: Federation) -> None:
    pool = ruled(pool_make(fed.organisation("yangtze"), 3, most=3, method="draw"))
    own = claim_take(ask_of(pool, fed.account_id("lin"))).claim
    claim_amend(actor=fed.actor("lin"), claim_id=own.pk, size=2, details="")
    Pool.objects.filter(pk=pool.pk).update(closes_at=clock.now() - dt.timedelta(seconds=1))
    with pytest.raises(RefusedError):
        claim_amend(actor=fed.actor("lin"), claim_id=own.pk, size=1, details="")
    claim_amend(actor=fed.actor("lin"), claim_id=own.pk, size=2, details="other words")
    assert told(own) == "other words"
    assert right(pool).taken == 0
