"""Scans that come when their door is shut: what was made before counts, what was made after does not."""

from __future__ import annotations

import datetime as dt
import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.allocation.models import Claim, Scan
from lianxin.allocation.services import (
    claims_forget,
    gate_close,
    gate_disown,
    gate_open,
    gate_shown,
    past_purge,
    pool_change,
    ticket_of,
)
from lianxin.allocation.testing import claim_made, pool_make, terms_of
from lianxin.audit.api import AuditRow
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool(hands, fed):
    return pool_make(fed.organisation("yangtze"), 20, most=4)


@pytest.fixture
def door(fed, pool):
    return gate_open(actor=fed.actor("wang"), pool_id=pool.pk, name="北门")


def row(read: str, at: dt.datetime) -> dict[str, object]:
    return {"id": str(uuid.uuid4()), "at": at.timestamp() * 1000, "read": read, "places": 1}


def sent(door, *rows, to: str = "gate_scans"):
    gate, secret = door
    return Client().post(
        reverse(f"allocation:{to}", args=[gate.pk]), json.dumps({"scans": rows}),
        content_type="application/json", headers={"authorization": f"Gate {secret}"},
    )  # fmt: skip


def used(pool) -> int:
    return Claim.objects.get(pool=pool).used


def test_a_door_closed_at_the_desk_brings_what_it_scanned_before(fed, pool, door, hands) -> None:
    token = ticket_of(claim_made(pool, fed.account_id("lin")))
    hands.move(hours=1)
    before = row(token, clock.now())
    hands.move(minutes=1)
    gate_close(actor=fed.actor("wang"), gate_id=door[0].pk)
    hands.move(minutes=1)
    after = row(token, clock.now())
    for _again in range(2):
        told = sent(door, before, after).json()
        assert told == {"entries": {before["id"]: 1}, "refused": {after["id"]: "late"}}
    assert Scan.objects.count() == 2
    assert used(pool) == 1
    address = reverse("allocation:gate_list", args=[door[0].pk])
    listed = Client().get(address, headers={"authorization": f"Gate {door[1]}"})
    assert listed.status_code == 403, "who may come in is told to no door that is shut"


def test_a_phone_that_is_back_after_weeks_is_still_heard_and_after_a_month_not(fed, pool, door, hands) -> None:  # fmt: skip
    token = ticket_of(claim_made(pool, fed.account_id("lin")))
    scanned = row(token, pool.starts_at)
    hands.set(door[0].ends_at + dt.timedelta(days=29))
    assert sent(door, scanned).json()["entries"] == {scanned["id"]: 1}
    assert Scan.objects.get().scanned_at == pool.starts_at
    assert sent(door, row(token, clock.now())).json()["refused"]
    hands.move(days=2)
    assert sent(door, scanned).status_code == 403


def test_a_scan_that_came_stands_as_it_was_judged_then(fed, pool, door, hands) -> None:
    """The phone is ten minutes ahead, its scan comes at once, the answer is lost, the door is closed."""
    token = ticket_of(claim_made(pool, fed.account_id("lin")))
    ahead = row(token, clock.now() + dt.timedelta(minutes=10))
    assert sent(door, ahead).json()["entries"] == {ahead["id"]: 1}
    hands.move(minutes=5)
    gate_close(actor=fed.actor("wang"), gate_id=door[0].pk)
    hands.move(minutes=5)
    assert sent(door, ahead).json() == {"entries": {ahead["id"]: 1}, "refused": {}}


def test_a_door_lasts_as_long_as_what_it_is_of_when_that_is_put_off(fed, pool, door, hands) -> None:
    token = ticket_of(claim_made(pool, fed.account_id("lin")))
    shut_before = door[0].ends_at
    later = {"starts_at": pool.starts_at + dt.timedelta(days=7), "ends_at": pool.ends_at + dt.timedelta(days=7)}  # fmt: skip
    terms = terms_of(20, most=4, opens_at=pool.opens_at, closes_at=pool.closes_at, **later)
    pool_change(actor=fed.actor("wang"), pool_id=pool.pk, terms=terms)
    hands.set(later["starts_at"])
    assert hands.at > shut_before
    address = reverse("allocation:gate_list", args=[door[0].pk])
    listed = Client().get(address, headers={"authorization": f"Gate {door[1]}"})
    assert listed.status_code == 200
    assert listed.json()["ends"] == (later["ends_at"] + dt.timedelta(hours=12)).isoformat()
    scanned = row(token, hands.at)
    assert sent(door, scanned).json() == {"entries": {scanned["id"]: 1}, "refused": {}}
    hands.set(later["ends_at"] + dt.timedelta(hours=13))
    assert sent(door, late := row(token, hands.at)).json()["refused"] == {late["id"]: "late"}


def test_a_door_shut_by_hand_stays_shut_when_the_day_is_put_off(fed, pool, door, hands) -> None:
    gate_close(actor=fed.actor("wang"), gate_id=door[0].pk)
    terms = terms_of(
        20, most=4, opens_at=pool.opens_at, closes_at=pool.closes_at, starts_at=pool.starts_at,
        ends_at=pool.ends_at + dt.timedelta(days=1),
    )  # fmt: skip
    pool_change(actor=fed.actor("wang"), pool_id=pool.pk, terms=terms)
    hands.move(minutes=1)
    address = reverse("allocation:gate_list", args=[door[0].pk])
    assert Client().get(address, headers={"authorization": f"Gate {door[1]}"}).status_code == 403


def test_what_was_forgotten_is_not_brought_back(fed, pool, door, hands) -> None:
    token = ticket_of(claim_made(pool, fed.account_id("lin")))
    scanned = row(token, pool.starts_at)
    hands.set(pool.ends_at + dt.timedelta(days=1))
    assert sent(door, scanned).status_code == 200
    claims_forget(pool_id=pool.pk)
    assert sent(door, scanned).status_code == 403
    assert not Scan.objects.exists()
    assert used(pool) == 0


def test_scans_of_what_has_no_known_end_are_forgotten_too(fed, hands) -> None:
    pool = pool_make(fed.organisation("yangtze"), 5, ends_at=None)
    door = gate_open(actor=fed.actor("wang"), pool_id=pool.pk, name="北门")
    token = ticket_of(claim_made(pool, fed.account_id("lin")))
    sent(door, row(token, clock.now()))
    hands.move(days=89)
    past_purge()
    assert Scan.objects.exists()
    hands.move(days=3)
    past_purge()
    assert not Scan.objects.exists()


def test_of_a_door_that_is_disowned_nothing_more_is_believed_and_what_had_come_stands(fed, pool, door, hands) -> None:  # fmt: skip
    lin, zhao = (ticket_of(claim_made(pool, fed.account_id(who))) for who in ("lin", "zhao"))
    hands.move(hours=1)
    came, dated_back = row(lin, clock.now()), row(zhao, clock.now())
    assert sent(door, came).json()["entries"] == {came["id"]: 1}
    hands.move(minutes=5)
    gate_close(actor=fed.actor("wang"), gate_id=door[0].pk)
    hands.move(minutes=5)
    for _again in range(2):  # shut already, and once more by a tired thumb
        gate_disown(actor=fed.actor("wang"), gate_id=door[0].pk)
    told = sent(door, came, dated_back, row("hello", clock.now())).json()
    assert told["entries"] == {came["id"]: 1}
    assert set(told["refused"].values()) == {"disowned"}
    assert dated_back["id"] in told["refused"]
    assert [str(one.pk) for one in Scan.objects.all()] == [came["id"]], "nobody fills our tables with it"  # fmt: skip
    assert sorted(Claim.objects.filter(pool=pool).values_list("used", flat=True)) == [0, 1]
    assert AuditRow.objects.filter(action="allocation.gate_disowned").count() == 1


def test_an_open_door_that_is_disowned_is_shut_at_once(fed, pool, door) -> None:
    for who in ("lin", "ma", "zhao"):
        with pytest.raises(ForbiddenError):
            gate_disown(actor=fed.actor(who), gate_id=door[0].pk)
    gate_disown(actor=fed.actor("wang"), gate_id=door[0].pk)
    assert gate_shown(door[0].pk, door[1]) is None


def test_the_desk_says_what_it_costs_to_believe_a_door_nothing_more(client, fed, pool, door) -> None:  # fmt: skip
    desk = reverse("allocation:pool_desk", args=[pool.pk])
    address = reverse("allocation:gate_disown", args=[door[0].pk])
    sign_in(client, fed.account("ma"), second_factor=True)
    assert client.post(address).status_code == 404
    sign_in(client, fed.account("wang"), second_factor=True)
    assert client.get(address).status_code == 405
    page = client.get(desk).content.decode()
    assert address in page
    assert "这一步不能撤回" in page
    for _tap in range(2):
        assert client.post(address).status_code == 302
    page = client.get(desk).content.decode()
    assert "不再采信" in page
    assert address not in page
    claims_forget(pool_id=pool.pk)
    assert address not in client.get(desk).content.decode()
