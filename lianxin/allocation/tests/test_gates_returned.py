"""Shown at a door without a network while it was good, given back before the door could say so: she came."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.allocation.models import Claim, Pool, Scan
from lianxin.allocation.rules.claims import State
from lianxin.allocation.rules.tickets import Fault, code_of
from lianxin.allocation.selectors.entering import Crowd, crowd_of
from lianxin.allocation.selectors.recounting import recount_of
from lianxin.allocation.services import (
    Sent,
    claim_amend,
    claim_cancel,
    gate_list,
    gate_open,
    offer_accept,
    pool_call_off,
    scans_store,
    ticket_of,
)
from lianxin.allocation.testing import claim_made, pool_make
from lianxin.allocation.tests.test_draw_life import NOON
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool(hands, fed) -> Pool:
    return pool_make(fed.organisation("yangtze"), 1, most=1)


def door(fed, pool, name: str = "北门"):
    return gate_open(actor=fed.actor("wang"), pool_id=pool.pk, name=name)[0]


def scan(read: str, places: int = 1) -> Sent:
    return Sent(uuid.uuid4(), clock.now(), read, places)


def test_who_came_in_while_her_ticket_was_good_came_though_it_was_given_back_since(
    fed, pool, hands, client
) -> None:
    """The door stands in a cellar; she comes in, gives back, another takes the place and comes too."""
    gate = door(fed, pool)
    own = claim_made(pool, fed.account_id("lin"))
    waits = claim_made(pool, fed.account_id("zhao"))
    first = scan(ticket_of(own))
    hands.move(minutes=5)
    claim_cancel(actor=fed.actor("lin"), claim_id=own.pk)
    offer_accept(actor=fed.actor("zhao"), claim_id=waits.pk)
    second = scan(ticket_of(Claim.objects.get(pk=waits.pk)))
    hands.move(minutes=5)
    for _again in range(2):
        told = scans_store(gate=gate, sent=[first, second])
        assert (told.entries, told.refused) == ({first.scan_id: 1, second.scan_id: 1}, {})
    own.refresh_from_db()
    assert (own.standing, own.used) == (State.CANCELLED, 1)
    pool.refresh_from_db()
    assert (pool.taken, recount_of(pool.pk).faults) == (1, [])
    assert Claim.objects.filter(pool=pool, state=State.CONFIRMED).count() == 1
    assert crowd_of(pool) == Crowd(on_returned=1, over=1)
    assert [row[2:] for row in gate_list(gate)["claims"]] == [[1, 1]], "no door lets it in again"
    sign_in(client, fed.account("wang"), second_factor=True)
    page = client.get(reverse("allocation:pool_desk", args=[pool.pk])).content.decode()
    assert "data-over" in page
    assert page.count(fed.account("lin").display_name) == 2, (
        "in the list, and among those who came in"
    )


def test_what_is_shown_after_it_was_given_back_lets_nobody_in(fed, pool, hands) -> None:
    gate = door(fed, pool)
    own = claim_made(pool, fed.account_id("lin"))
    token = ticket_of(own)
    claim_cancel(actor=fed.actor("lin"), claim_id=own.pk)
    for read in (token, code_of(own.pk)):
        at_once = scan(read)
        assert scans_store(gate=gate, sent=[at_once]).refused == {at_once.scan_id: Fault.GONE}
    hands.move(minutes=1)
    later = scan(token)
    assert scans_store(gate=gate, sent=[later]).refused == {later.scan_id: Fault.GONE}
    assert crowd_of(pool) == Crowd(0, 0)
    assert not Scan.objects.filter(claim=own).exists()


def test_a_code_of_what_never_held_a_place_lets_nobody_in(fed, pool, hands) -> None:
    gate = door(fed, pool)
    claim_made(pool, fed.account_id("lin"))
    waits = claim_made(pool, fed.account_id("zhao"))
    shown = scan(code_of(waits.pk))
    hands.move(minutes=1)
    claim_cancel(actor=fed.actor("zhao"), claim_id=waits.pk)
    assert scans_store(gate=gate, sent=[shown]).refused == {shown.scan_id: Fault.GONE}


def test_two_doors_let_one_ticket_in_that_was_given_back_and_one_counts(fed, pool, hands) -> None:
    north, south = door(fed, pool), door(fed, pool, "南门")
    own = claim_made(pool, fed.account_id("lin"))
    token = ticket_of(own)
    first = scan(token)
    hands.move(minutes=1)
    second = scan(token)
    hands.move(minutes=1)
    claim_cancel(actor=fed.actor("lin"), claim_id=own.pk)
    assert scans_store(gate=south, sent=[second]).entries == {second.scan_id: 1}
    assert scans_store(gate=north, sent=[first]).entries == {first.scan_id: 1}
    assert dict(Scan.objects.values_list("pk", "verdict")) == {first.scan_id: "entry", second.scan_id: "duplicate"}  # fmt: skip
    own.refresh_from_db()
    assert own.used == 1


def test_who_was_inside_before_it_was_called_off_came(fed, pool, hands) -> None:
    gate = door(fed, pool)
    own = claim_made(pool, fed.account_id("lin"))
    shown = scan(ticket_of(own))
    hands.move(minutes=1)
    pool_call_off(actor=fed.actor("wang"), pool_id=pool.pk)
    assert scans_store(gate=gate, sent=[shown]).entries == {shown.scan_id: 1}
    assert recount_of(pool.pk).faults == []


def test_nobody_gives_back_while_people_are_let_in_but_an_officer_for_who_telephones(
    fed, hands, client
) -> None:
    pool = pool_make(fed.organisation("yangtze"), 3, most=2)
    own = claim_made(pool, fed.account_id("lin"), size=2)
    page = reverse("allocation:claim", args=[own.pk])
    starts_at = pool.starts_at or NOON
    hands.set(starts_at - dt.timedelta(minutes=30))
    sign_in(client, fed.account("lin"))
    assert client.get(page).context["may_cancel"], "nobody is let in where no door was opened"
    door(fed, pool)
    shown = client.get(page)
    assert not shown.context["may_cancel"]
    assert shown.context["is_kept"]
    client.post(reverse("allocation:claim_cancel", args=[own.pk]))
    with pytest.raises(RefusedError):
        claim_amend(actor=fed.actor("lin"), claim_id=own.pk, size=1, details="")
    own.refresh_from_db()
    assert (own.standing, own.size) == (State.CONFIRMED, 2)
    hands.set(starts_at - dt.timedelta(hours=1, seconds=1))
    claim_amend(actor=fed.actor("lin"), claim_id=own.pk, size=1, details="")
    hands.set(starts_at)
    claim_cancel(actor=fed.actor("wang"), claim_id=own.pk)
    own.refresh_from_db()
    assert own.standing is State.CANCELLED
