"""What is published is used: vouchers taken and redeemed once, halls booked with the partner's yes."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.allocation.api import Booking, Claim, Pool, tally_of
from lianxin.allocation.testing import booked, claim_made, ticket_made
from lianxin.exchange import services
from lianxin.exchange.testing import batch_of, hall_of, resource_make
from lianxin.jobs import api as jobs
from lianxin.kit import clock as kit_clock
from lianxin.kit.errors import ForbiddenError
from lianxin.kit.workdays import SHANGHAI


def page(name: str, *args: object) -> str:
    return reverse(f"exchange:{name}", args=args)


@pytest.fixture
def batch(school):
    return resource_make(
        school, title="体检券", kind="health", way="voucher", quantity=2,
        ends_on=kit_clock.today() + dt.timedelta(days=30),
    )  # fmt: skip


def voucher(town, batch, who: str) -> tuple[Claim, str]:
    claim = claim_made(batch_of(batch), town.account_id(who))
    return claim, ticket_made(claim)


def counter(as_, batch) -> tuple[str, str]:
    """Open a counter as the partner's contact; return its id and its secret."""
    shown = as_("tang").post(page("counter_open", batch.pk)).content.decode()
    address = shown.split('class="link" href="')[1].split('"')[0]
    path, secret = address.split("#")
    return path.rstrip("/").rsplit("/", 1)[-1], secret


def scan(gate: tuple[str, str], *reads: str, at: dt.datetime | None = None) -> dict[str, Any]:
    moment = (at or kit_clock.now()).timestamp() * 1000
    sent = [{"id": str(uuid.uuid4()), "at": moment + n, "read": read, "places": 1} for n, read in enumerate(reads)]  # fmt: skip
    answer = Client().post(
        reverse("allocation:gate_scans", args=[gate[0]]), json.dumps({"scans": sent}),
        content_type="application/json", headers={"Authorization": f"Gate {gate[1]}"},
    )  # fmt: skip
    return answer.json() if answer.status_code == 200 else {"status": answer.status_code}


def test_a_member_takes_a_voucher_and_whoever_is_of_another_union_none(as_, batch) -> None:
    lin, zhao = as_("lin"), as_("zhao")
    shown = lin.get(page("resource", batch.pk))
    view = shown.context["view"]
    taken = lin.post(reverse("allocation:take", args=[batch_of(batch).pk]) + f"?a={view.admission}", {"key": view.key})  # fmt: skip
    assert taken.status_code == 302
    card = lin.get(taken["Location"]).content.decode()
    assert "data:image/svg" in card
    assert zhao.get(page("resource", batch.pk)).context["view"].hindrance is not None
    assert Claim.objects.count() == 1


def test_redeemed_twice_it_is_refused_and_reported_once(as_, town, batch, clock) -> None:
    _claim, token = voucher(town, batch, "lin")
    gate = counter(as_, batch)
    assert list(scan(gate, token)["entries"].values()) == [1]
    clock.move(minutes=1)
    assert list(scan(gate, token)["entries"].values()) == [0]
    tally = tally_of(batch_of(batch).pk)
    assert (tally.given, tally.used, tally.twice) == (1, 1, 1)
    assert tally.days == [(kit_clock.today(), 1)]
    own = as_("tang").get(page("own_resource", batch.pk)).content.decode()
    assert "林" not in own
    # Used up, it shows no code any more and cannot be given back.
    card = as_("lin").get(reverse("allocation:claim", args=[Claim.objects.get().pk])).content.decode()  # fmt: skip
    assert "data:image/svg" not in card


def test_a_scan_made_without_a_network_counts_by_its_own_clock(as_, town, batch) -> None:
    """The phone of the second counter comes back later with the earlier scan: that one counts."""
    _claim, token = voucher(town, batch, "lin")
    north, south = counter(as_, batch), counter(as_, batch)
    earlier = kit_clock.now() - dt.timedelta(minutes=5)
    assert list(scan(north, token)["entries"].values()) == [1]
    assert list(scan(south, token, at=earlier)["entries"].values()) == [1]
    tally = tally_of(batch_of(batch).pk)
    assert (tally.used, tally.twice) == (1, 1)


def test_an_expired_voucher_is_refused_but_one_scanned_in_time_counts(as_, town, batch, clock) -> None:  # fmt: skip
    _one, lin = voucher(town, batch, "lin")
    _two, tang = voucher(town, batch, "tang")
    gate = counter(as_, batch)
    until = batch_of(batch).valid_until
    assert until is not None
    clock.move(seconds=(until - kit_clock.now()).total_seconds() + 3600)
    told = scan(gate, lin, at=until - dt.timedelta(minutes=10))
    assert list(told["entries"].values()) == [1]
    assert list(scan(gate, tang)["refused"].values()) == ["expired"]
    clock.move(days=1)
    assert list(scan(gate, tang)["refused"].values()) == ["late"]
    clock.move(days=30)
    assert scan(gate, tang) == {"status": 403}


def test_only_its_own_contacts_open_a_counter_and_no_desk_reads_who_took_one(as_, town, batch) -> None:  # fmt: skip
    voucher(town, batch, "lin")
    pool = batch_of(batch)
    for who in ("lin", "zhao", "wang", "chen"):
        assert as_(who).post(page("counter_open", batch.pk)).status_code == 404
    chen = as_("chen")
    assert chen.get(reverse("allocation:pool_desk", args=[pool.pk])).status_code == 404
    shown = chen.get(page("desk_resource", batch.pk))
    assert (shown.context["given"], shown.context["used"]) == (None, 0)
    assert "林" not in shown.content.decode().split("<main")[1]


def test_what_a_counter_redeemed_before_it_was_closed_is_settled_whenever_its_phone_is_back(as_, town, batch, clock) -> None:  # fmt: skip
    (_one, lin), (_two, tang) = voucher(town, batch, "lin"), voucher(town, batch, "tang")
    gate = counter(as_, batch)
    clock.move(hours=1)
    redeemed_at = kit_clock.now() - dt.timedelta(minutes=5)
    as_("tang").post(page("counter_close", batch.pk))
    clock.move(days=20)
    assert list(scan(gate, lin, at=redeemed_at)["entries"].values()) == [1]
    assert list(scan(gate, tang)["refused"].values()) == ["late"]
    tally = tally_of(batch_of(batch).pk)
    assert (tally.used, tally.days) == (1, [(redeemed_at.astimezone(SHANGHAI).date(), 1)])
    assert "30 天" in as_("tang").get(page("own_resource", batch.pk)).content.decode()


def test_counters_whose_address_leaked_are_believed_nothing_more(as_, town, batch, clock) -> None:
    (_one, lin), (_two, tang) = voucher(town, batch, "lin"), voucher(town, batch, "tang")
    open_one, shut_one = counter(as_, batch), counter(as_, batch)
    assert list(scan(open_one, lin)["entries"].values()) == [1]
    as_("tang").post(page("counter_close", batch.pk))
    assert page("counter_disown", batch.pk) in as_("tang").get(page("own_resource", batch.pk)).content.decode()  # fmt: skip
    for who in ("lin", "zhao", "wang"):
        assert as_(who).post(page("counter_disown", batch.pk)).status_code == 404
    for _tap in range(2):
        assert as_("tang").post(page("counter_disown", batch.pk)).status_code == 302
    for gate in (open_one, shut_one):
        told = scan(gate, tang, at=kit_clock.now() - dt.timedelta(minutes=5))
        assert list(told["refused"].values()) == ["disowned"]
    assert tally_of(batch_of(batch).pk).used == 1
    assert page("counter_disown", batch.pk) not in as_("tang").get(page("own_resource", batch.pk)).content.decode()  # fmt: skip
    fresh = counter(as_, batch)
    assert list(scan(fresh, tang)["entries"].values()) == [1]


def test_ended_with_a_reason_its_vouchers_fall_and_their_holders_are_told(as_, town, batch) -> None:  # fmt: skip
    claim, token = voucher(town, batch, "lin")
    gate = counter(as_, batch)
    with pytest.raises(ForbiddenError):
        services.resource_end(actor=town.actor("wang"), resource_id=batch.pk, reason="x")
    for _tap in range(2):
        as_("chen").post(page("resource_end", batch.pk), {"reason": "体检车坏了"})
    jobs.run_due()
    claim.refresh_from_db()
    assert claim.state == "dropped"
    assert list(scan(gate, token)["refused"].values()) == ["gone"]
    told = as_("lin").get(reverse("notify:inbox")).content.decode()
    assert "体检券" in told


def test_an_officer_books_a_hall_and_the_partner_says_yes(as_, town, school) -> None:
    hall = resource_make(school, opens=dt.time(8), closes=dt.time(22))
    thing = hall_of(hall)
    sun, tang = town.actor("sun"), as_("tang")
    day = kit_clock.today() + dt.timedelta(days=3)
    booking = booked(thing, sun, day, 4, half=36, union_id=town.organisation("beicang").pk)
    assert booking.state == "asked"
    own = page("own_booking", booking.pk)
    for who in ("lin", "zhao", "chen", "sun"):
        assert as_(who).get(own).status_code == 404
    closed = tang.get(own).content.decode()
    assert "19900000001" not in closed
    assert "19900000001" in tang.post(own, {"deed": "open"}).content.decode()
    assert "reason" in tang.post(own, {"deed": "no"}).context["form"].errors
    for _tap in range(2):
        assert tang.post(own, {"deed": "yes"}).status_code == 302
    booking.refresh_from_db()
    assert booking.state == "confirmed"


def test_a_no_of_the_partner_comes_with_its_reason(as_, town, school) -> None:
    thing = hall_of(resource_make(school))
    day = kit_clock.today() + dt.timedelta(days=3)
    booking = booked(thing, town.actor("sun"), day, 2, half=36, union_id=town.organisation("beicang").pk)  # fmt: skip
    as_("tang").post(page("own_booking", booking.pk), {"deed": "no", "reason": "当天有考试"})
    booking = Booking.objects.get()
    assert (booking.state, booking.reason) == ("refused", "当天有考试")


def test_a_published_batch_is_one_pool_however_often_it_is_published(town, batch) -> None:
    services.resource_publish(actor=town.actor("guo"), resource_id=batch.pk)
    assert Pool.objects.filter(kind="exchange.voucher").count() == 1


def test_nobody_of_a_partner_that_is_not_hers_sees_its_counter(town, batch) -> None:
    client = Client()
    sign_in(client, town.account("zhao"))
    assert client.get(page("own_resource", batch.pk)).status_code == 404
