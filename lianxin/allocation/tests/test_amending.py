"""What a claim says can be changed: more or fewer people, other answers, and the ledger agrees."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.allocation.models import Claim, Pool
from lianxin.allocation.rules.claims import State
from lianxin.allocation.rules.seats import added_to, kept_of
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


def seats(claim: Claim | None) -> list[str]:
    assert claim is not None
    return [one.label for one in claim.seats.order_by("number")]


def seated(fed: Federation, *rows: int) -> Pool:
    """Open a pool with rows of numbered seats: A1, A2, …, B1."""
    labels: list[str] = []
    for letter, count in zip("ABC", rows, strict=False):
        labels += [*(f"{letter}{one}" for one in range(1, count + 1)), ""]
    most = min(4, sum(rows))
    return pool_make(fed.organisation("yangtze"), sum(rows), most=most, seats=tuple(labels[:-1]))


def test_a_smaller_group_keeps_its_seats_side_by_side_and_who_waits_gets_the_others(fed) -> None:
    pool = seated(fed, 3, 2)
    own = claim_take(ask_of(pool, fed.account_id("lin"), size=3, seats=("A1", "B1", "B2"))).claim
    other = claim_take(ask_of(pool, fed.account_id("zhao"), size=2)).claim
    waits = claim_take(ask_of(pool, fed.account_id("tang"))).claim
    assert (seats(own), seats(other), seats(waits)) == (["A1", "B1", "B2"], ["A2", "A3"], [])
    for _twice in range(2):
        claim_amend(actor=fed.actor("lin"), claim_id=own.pk, size=2, details="")
    waits.refresh_from_db()
    assert waits.standing is State.OFFERED
    assert (seats(own), seats(other), seats(waits)) == (["B1", "B2"], ["A2", "A3"], ["A1"])
    assert right(pool).taken == 5


def test_a_larger_group_gets_the_nearest_free_seats_and_nobody_elses(fed) -> None:
    pool = seated(fed, 4, 2)
    other = claim_take(ask_of(pool, fed.account_id("zhao"), seats=("A1",))).claim
    own = claim_take(ask_of(pool, fed.account_id("lin"), seats=("A3",))).claim
    claim_amend(actor=fed.actor("lin"), claim_id=own.pk, size=3, details="")
    assert (seats(own), seats(other)) == (["A2", "A3", "A4"], ["A1"])
    claim_amend(actor=fed.actor("lin"), claim_id=own.pk, size=4, details="")
    assert seats(own) == ["A2", "A3", "A4", "B1"]
    with pytest.raises(RefusedError):
        claim_amend(actor=fed.actor("zhao"), claim_id=other.pk, size=3, details="")
    assert seats(other) == ["A1"]
    assert right(pool).taken == 5
    claim_cancel(actor=fed.actor("lin"), claim_id=own.pk)
    assert seats(own) == []


def test_who_waits_for_numbered_seats_changes_her_group_and_holds_none(fed) -> None:
    pool = seated(fed, 2)
    claim_take(ask_of(pool, fed.account_id("zhao"), size=2))
    waits = claim_take(ask_of(pool, fed.account_id("lin"), size=2)).claim
    claim_amend(actor=fed.actor("lin"), claim_id=waits.pk, size=1, details="")
    assert seats(waits) == []
    assert right(pool).waiting == 1


@given(st.sets(st.integers(1, 30), min_size=1), st.sets(st.integers(1, 30)), st.integers(1, 6))
def test_seats_kept_are_hers_and_seats_added_are_free(own: set[int], free: set[int], size: int) -> None:  # fmt: skip
    kept = kept_of(sorted(own), size)
    assert set(kept) <= own
    assert len(kept) == min(size, len(own))
    left = free - own
    added = added_to(kept, sorted(left), size)
    assert set(added) <= left
    assert len(set(added)) == len(added) == min(size, len(left))
