"""A family that counts once counts once, whenever husband and wife declare each other."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.allocation.models import Claim, Pool
from lianxin.allocation.rules.admission import Admission
from lianxin.allocation.rules.claims import Fault, State
from lianxin.allocation.selectors.admitting import (
    admission_of,
    admission_read,
    admission_signed,
)
from lianxin.allocation.selectors.showing import pool_view
from lianxin.allocation.services import Ask, claim_cancel, claim_take, take_many
from lianxin.allocation.testing import pool_make
from lianxin.members.testing import Federation, couple_made

pytestmark = pytest.mark.django_db
BOTH_WAYS = [("lin", "wang"), ("wang", "lin")]


def admitted(fed: Federation, pool: Pool, who: str) -> Admission:
    found = admission_of(pool, fed.account_id(who))
    assert isinstance(found, Admission)
    return found


def ask_as(fed: Federation, pool: Pool, who: str, key: str) -> Ask:
    return Ask(admitted(fed, pool, who), key)


@pytest.fixture
def pool(fed: Federation) -> Pool:
    return pool_make(fed.organisation("city"), 9, one_per="family")


@pytest.mark.parametrize(("first", "second"), BOTH_WAYS)
def test_a_couple_that_declares_itself_after_the_first_claim_gets_no_second(fed, pool, first, second) -> None:  # fmt: skip
    own = claim_take(ask_as(fed, pool, first, "before")).claim
    couple_made(fed, first, second)
    refused = claim_take(ask_as(fed, pool, second, "form"))
    assert (refused.claim, refused.fault) == (None, Fault.FAMILY)
    again = claim_take(ask_as(fed, pool, first, "after"))
    assert (again.claim, again.is_new) == (own, False), "her own stays her answer"
    assert Claim.objects.filter(pool=pool, state=State.CONFIRMED).count() == 1
    claim_cancel(actor=fed.actor(first), claim_id=own.pk)
    assert claim_take(ask_as(fed, pool, second, "now")).is_new


@pytest.mark.parametrize(("first", "second"), BOTH_WAYS)
def test_a_post_without_a_form_gets_no_second_either(fed, pool, first, second) -> None:
    claim_take(ask_as(fed, pool, first, "before"))
    couple_made(fed, first, second)
    address = reverse("allocation:take", args=[pool.pk])
    for who, status in ((second, 409), (first, 302)):
        client = Client()
        sign_in(client, fed.account(who))
        assert client.post(address, {"key": "bare"}).status_code == status
    assert Claim.objects.filter(pool=pool).count() == 1


def test_the_page_says_so_before_anything_is_filled_in(fed, pool) -> None:
    couple_made(fed, "lin", "wang")
    assert pool_view(pool, fed.account_id("wang")).may_ask
    claim_take(ask_as(fed, pool, "lin", "form"))
    view = pool_view(pool, fed.account_id("wang"))
    assert view.hindrance is not None
    assert not view.may_ask
    assert pool_view(pool, fed.account_id("zhao")).may_ask


def test_two_of_a_family_in_one_line_take_one_place(fed, pool) -> None:
    couple_made(fed, "lin", "wang")
    asks = [ask_as(fed, pool, who, who) for who in ("lin", "wang", "zhao")]
    first, second, other = take_many(pool.pk, asks)
    assert (first.is_new, second.fault, other.is_new) == (True, Fault.FAMILY, True)


def test_the_form_carries_who_is_of_the_family_and_forms_without_it_stay_good(fed, pool) -> None:
    alone = admitted(fed, pool, "lin")
    assert alone.kin == ()
    assert admission_read(admission_signed(alone)) == alone
    couple_made(fed, "lin", "wang")
    both = admitted(fed, pool, "lin")
    assert both.kin == (fed.account_id("wang"),)
    assert admission_read(admission_signed(both)) == both


def test_where_a_family_counts_its_earlier_place_counts_for_both(fed) -> None:
    terms: dict[str, Any] = {"series": "camp", "strata": [{"days": 400}]}
    past = pool_make(fed.organisation("city"), 9, one_per="family", **terms)
    claim_take(ask_as(fed, past, "lin", "past"))
    couple_made(fed, "lin", "wang")
    now = pool_make(fed.organisation("city"), 9, one_per="family", **terms)
    assert [admitted(fed, now, who).stratum for who in ("lin", "wang", "zhao")] == [1, 1, 0]
    each = pool_make(fed.organisation("city"), 9, **terms)
    assert [admitted(fed, each, who).stratum for who in ("lin", "wang", "zhao")] == [1, 0, 0]


def test_whether_she_may_is_found_in_few_queries(fed, pool, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(2):
        admitted(fed, pool, "zhao")
    couple_made(fed, "lin", "wang")
    ask = ask_as(fed, pool, "lin", "form")
    with django_assert_max_num_queries(16):
        claim_take(ask)
