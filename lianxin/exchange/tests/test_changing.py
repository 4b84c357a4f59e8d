"""What is published is changed by its contact with the officer's yes; whoever holds something is told."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.urls import reverse

from lianxin.allocation.api import Booking, Claim
from lianxin.allocation.testing import booked, claim_made
from lianxin.audit.api import AuditRow
from lianxin.exchange import services
from lianxin.exchange.models import Amendment, Resource, Telling
from lianxin.exchange.selectors import waiting
from lianxin.exchange.testing import batch_of, hall_of, resource_make
from lianxin.jobs.testing import settle
from lianxin.kit import clock as kit_clock
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.members.api import Person, privacy_erase, privacy_export
from lianxin.notify.testing import letters_to


def page(name: str, *args: object) -> str:
    return reverse(f"exchange:{name}", args=args)


@pytest.fixture
def batch(school):
    return resource_make(school, title="体检券", kind="health", way="voucher", quantity=1)


def typed(one: Resource, **more: object) -> dict[str, object]:
    given = {
        "title": one.title, "words": one.words, "place": one.place, "price": one.price,
        "ends_on": one.ends_on.isoformat(), "reason": "搬家了",
    }  # fmt: skip
    return given | more


def told(town, who: str) -> list[str]:
    return [one.body for one in letters_to(town.account_id(who)) if one.kind == "exchange.changed"]


def test_the_old_text_stands_until_the_officer_says_yes_and_holders_are_told_once(as_, town, batch) -> None:  # fmt: skip
    tang, chen = as_("tang"), as_("chen")
    claim_made(batch_of(batch), town.account_id("lin"))
    for _tap in range(2):
        answer = tang.post(page("resource_change", batch.pk), typed(batch, place="滨河路 9 号"))
        assert answer.status_code == 302
    assert Amendment.objects.get().written["place"] == "滨河路 9 号"
    assert "滨河路 9 号" not in as_("lin").get(page("resource", batch.pk)).content.decode()
    assert "滨河路 9 号" in tang.get(page("own_resource", batch.pk)).content.decode()
    shown = chen.get(page("desk_resource", batch.pk))
    assert ("在哪里？", "嘉岭区柳荫路 20 号", "滨河路 9 号") in shown.context["wished"]
    assert "体检券" in chen.get(page("desk_list")).context["wishes"][0].title
    seen = shown.context["accept_form"].initial
    assert "is_right" in chen.post(page("change_accept", batch.pk), seen).context["accept_form"].errors  # fmt: skip
    for _tap in range(2):
        chen.post(page("change_accept", batch.pk), seen | {"is_right": "on"})
    settle()
    batch.refresh_from_db()
    assert (batch.place, batch_of(batch).place) == ("滨河路 9 号", "滨河路 9 号")
    assert not Amendment.objects.exists()
    letters = told(town, "lin")
    assert len(letters) == 1
    assert "滨河路 9 号" in letters[0]
    assert "柳荫路" in letters[0]
    assert told(town, "wang") == []
    deeds = AuditRow.objects.filter(action__startswith="exchange.").values_list("action", flat=True)
    assert list(deeds).count("exchange.resource_change_accepted") == 1


def test_words_alone_are_told_nobody(town, batch) -> None:
    claim_made(batch_of(batch), town.account_id("lin"))
    entry = replace(services.entry_of(batch), words="请空腹前来。")
    services.change_ask(actor=town.actor("tang"), resource_id=batch.pk, entry=entry, reason="补充说明")  # fmt: skip
    services.change_accept(actor=town.actor("chen"), resource_id=batch.pk)
    settle()
    assert not Telling.objects.exists()
    assert told(town, "lin") == []


def test_who_asked_never_says_yes_and_nobody_else_asks(as_, town, batch) -> None:
    entry = replace(services.entry_of(batch), place="别处")
    for who in ("lin", "zhao", "chen"):
        with pytest.raises(ForbiddenError):
            services.change_ask(actor=town.actor(who), resource_id=batch.pk, entry=entry, reason="x")  # fmt: skip
        assert as_(who).post(page("end_ask", batch.pk), {"reason": "x"}).status_code == 404
    services.change_ask(actor=town.actor("tang"), resource_id=batch.pk, entry=entry, reason="x")
    Amendment.objects.update(asked_by=town.account("chen"))
    assert batch not in waiting(town.actor("chen"))
    assert batch in waiting(town.actor("guo"))
    for who in ("chen", "tang", "wang"):
        with pytest.raises(ForbiddenError):
            services.change_accept(actor=town.actor(who), resource_id=batch.pk)
    services.change_accept(actor=town.actor("guo"), resource_id=batch.pk)
    assert as_("chen").get(page("change_accept", batch.pk)).status_code == 405


def test_what_is_newer_than_what_was_read_is_not_published(town, batch, clock) -> None:
    tang, chen = town.actor("tang"), town.actor("chen")
    first = services.change_ask(actor=tang, resource_id=batch.pk, entry=replace(services.entry_of(batch), place="甲"), reason="x")  # fmt: skip
    clock.move(minutes=1)
    services.change_ask(actor=tang, resource_id=batch.pk, entry=replace(services.entry_of(batch), place="乙"), reason="x")  # fmt: skip
    with pytest.raises(StaleError):
        services.change_accept(actor=chen, resource_id=batch.pk, seen=first.asked_at)


def test_nor_is_it_declined_unread(as_, town, batch, clock) -> None:
    tang, chen = town.actor("tang"), as_("chen")
    services.change_ask(actor=tang, resource_id=batch.pk, entry=replace(services.entry_of(batch), place="甲"), reason="x")  # fmt: skip
    read = chen.get(page("desk_resource", batch.pk)).context["decline_form"].initial["seen"]
    clock.move(minutes=1)
    services.change_ask(actor=tang, resource_id=batch.pk, entry=replace(services.entry_of(batch), place="乙"), reason="x")  # fmt: skip
    answer = chen.post(page("change_decline", batch.pk), {"reason": "不行", "seen": read})
    assert answer.status_code == 200
    assert "不行" in answer.content.decode()
    assert Amendment.objects.get().written["place"] == "乙"


def test_declined_or_taken_back_it_stays_as_it_was(as_, town, batch) -> None:
    tang, chen = as_("tang"), as_("chen")
    tang.post(page("resource_change", batch.pk), typed(batch, price="免费，另付材料费"))
    assert "reason" in chen.post(page("change_decline", batch.pk), {}).context["decline_form"].errors  # fmt: skip
    seen = Amendment.objects.get().asked_at.isoformat()
    chen.post(page("change_decline", batch.pk), {"reason": "费用请先说清", "seen": seen})
    assert "费用请先说清" in [one.body for one in letters_to(town.account_id("tang"))]
    tang.post(page("resource_change", batch.pk), typed(batch, place="别处"))
    for _tap in range(2):
        tang.post(page("change_take_back", batch.pk))
    assert not Amendment.objects.exists()
    batch.refresh_from_db()
    assert (batch.price, batch.place) == ("免费", "嘉岭区柳荫路 20 号")


def test_what_makes_no_sense_is_told_at_its_field(as_, batch) -> None:
    tang = as_("tang")
    for wrong, field in (
        ({"ends_on": "2026-11-01"}, "ends_on"),
        ({"words": "见 www.shop.cn"}, "words"),
        ({"reason": " "}, "reason"),
        ({}, "__all__"),  # nothing is different
    ):
        answer = tang.post(page("resource_change", batch.pk), typed(batch, **wrong))
        assert field in answer.context["form"].errors, wrong


def test_more_vouchers_are_there_at_once_for_those_who_wait(as_, town, batch) -> None:
    for who in ("lin", "wang"):
        claim_made(batch_of(batch), town.account_id(who))
    tang = as_("tang")
    assert Claim.objects.get(account_id=town.account_id("wang")).state == "waiting"
    assert "quantity" in tang.post(page("vouchers_raise", batch.pk), {"quantity": "200001"}).context["raise_form"].errors  # fmt: skip
    for _tap in range(2):
        assert tang.post(page("vouchers_raise", batch.pk), {"quantity": "5"}).status_code == 302
    assert Claim.objects.get(account_id=town.account_id("wang")).state in {"offered", "confirmed"}
    assert "quantity" in tang.post(page("vouchers_raise", batch.pk), {"quantity": "3"}).context["raise_form"].errors  # fmt: skip
    batch.refresh_from_db()
    assert (batch.quantity, batch_of(batch).capacity) == (5, 5)
    with pytest.raises(ForbiddenError):
        services.vouchers_raise(actor=town.actor("chen"), resource_id=batch.pk, quantity=9)


def test_vouchers_added_meanwhile_stay_when_a_change_is_published(town, batch) -> None:
    tang = town.actor("tang")
    services.change_ask(actor=tang, resource_id=batch.pk, entry=replace(services.entry_of(batch), place="别处"), reason="x")  # fmt: skip
    services.vouchers_raise(actor=tang, resource_id=batch.pk, quantity=7)
    services.change_accept(actor=town.actor("chen"), resource_id=batch.pk)
    assert batch_of(batch).capacity == 7
    assert Resource.objects.get().quantity == 7


def test_the_contact_asks_to_end_and_the_officer_decides(as_, town, batch) -> None:
    claim = claim_made(batch_of(batch), town.account_id("lin"))
    tang, chen = as_("tang"), as_("chen")
    assert "reason" in tang.post(page("end_ask", batch.pk), {}).context["end_form"].errors
    for _tap in range(2):
        tang.post(page("end_ask", batch.pk), {"reason": "体检车坏了"})
    batch.refresh_from_db()
    assert batch.state == "published", "until the officer decides it stands"
    seen = chen.get(page("desk_resource", batch.pk)).context["accept_form"].initial
    for _tap in range(2):
        chen.post(page("change_accept", batch.pk), seen)
    settle()
    batch.refresh_from_db()
    claim.refresh_from_db()
    assert (batch.state, batch.reason, claim.state) == ("ended", "体检车坏了", "dropped")


def test_bookings_that_do_not_fit_any_more_hinder_unless_they_are_called_off(as_, town, school) -> None:  # fmt: skip
    hall = resource_make(school, opens=dt.time(8), closes=dt.time(22))
    day = kit_clock.today() + dt.timedelta(days=3)
    booked(hall_of(hall), town.actor("sun"), day, 4, half=36, union_id=town.organisation("beicang").pk)  # fmt: skip
    entry = replace(services.entry_of(hall), closes=dt.time(18))
    services.change_ask(actor=town.actor("tang"), resource_id=hall.pk, entry=entry, reason="晚上不开了")  # fmt: skip
    chen = as_("chen")
    seen = chen.get(page("desk_resource", hall.pk)).context["accept_form"].initial | {"is_right": "on"}  # fmt: skip
    hindered = chen.post(page("change_accept", hall.pk), seen)
    assert hindered.context["accept_form"].non_field_errors()
    hall.refresh_from_db()
    assert hall.closes == dt.time(22), "nothing is half done"
    chen.post(page("change_accept", hall.pk), seen | {"calls_off": "on"})
    hall.refresh_from_db()
    booking = Booking.objects.get()
    assert (hall.closes, booking.state, booking.reason) == (dt.time(18), "dropped", "晚上不开了")


def test_whoever_booked_is_told_of_another_place(town, school) -> None:
    hall = resource_make(school, opens=dt.time(8), closes=dt.time(22))
    day = kit_clock.today() + dt.timedelta(days=3)
    booked(hall_of(hall), town.actor("sun"), day, 4, half=36, union_id=town.organisation("beicang").pk)  # fmt: skip
    entry = replace(services.entry_of(hall), place="二楼小厅")
    services.change_ask(actor=town.actor("tang"), resource_id=hall.pk, entry=entry, reason="大厅修缮")  # fmt: skip
    services.change_accept(actor=town.actor("chen"), resource_id=hall.pk)
    settle()
    assert hall_of(hall).place == "二楼小厅"
    assert ["二楼小厅" in one for one in told(town, "sun")] == [True]


def test_a_telling_goes_on_behind_the_last_who_was_told(town, school, monkeypatch) -> None:
    batch = resource_make(school, title="体检券", way="voucher", quantity=9)
    for who in ("lin", "wang", "sun"):
        claim_made(batch_of(batch), town.account_id(who))
    entry = replace(services.entry_of(batch), place="别处")
    services.change_ask(actor=town.actor("tang"), resource_id=batch.pk, entry=entry, reason="x")
    services.change_accept(actor=town.actor("chen"), resource_id=batch.pk)
    monkeypatch.setattr("lianxin.exchange.services.telling.BATCH", 1)
    telling = Telling.objects.get()
    assert services.telling_run(telling.pk) == 3
    assert services.telling_run(telling.pk) == 0
    telling.refresh_from_db()
    assert (telling.told, telling.finished_at is not None) == (3, True)
    assert all(len(told(town, who)) == 1 for who in ("lin", "wang", "sun"))


def test_of_an_offer_not_published_nothing_is_asked(town, school, batch) -> None:
    services.resource_end(actor=town.actor("chen"), resource_id=batch.pk, reason="x")
    with pytest.raises(StaleError):
        services.end_ask(actor=town.actor("tang"), resource_id=batch.pk, reason="x")
    with pytest.raises(StaleError):
        services.vouchers_raise(actor=town.actor("tang"), resource_id=batch.pk, quantity=9)
    with pytest.raises(RefusedError):
        services.end_ask(actor=town.actor("tang"), resource_id=batch.pk, reason=" ")


def test_an_account_takes_along_what_it_asked_for_and_is_forgotten(town, batch) -> None:
    services.end_ask(actor=town.actor("tang"), resource_id=batch.pk, reason="搬走了")
    person = Person(account_id=town.account_id("tang"), member_id=None)
    rows = [row for part in privacy_export if "exchange.Amendment" in part.tables for row in part.read(person)]  # fmt: skip
    assert "搬走了" in str(rows)
    for part in privacy_erase:
        if "exchange.Amendment" in part.tables:
            part.erase(person)
    assert Amendment.objects.get().asked_by is None
