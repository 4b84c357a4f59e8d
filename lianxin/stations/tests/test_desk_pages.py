"""The keeper's pages: Wang keeps her station, those above see it, Zhao and Lin see nothing."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.members.api import Person, privacy_erase, privacy_export
from lianxin.stations.models import Keeping, Trouble
from lianxin.stations.rules.standing import State
from lianxin.stations.selectors.seeing import seen_one
from lianxin.stations.testing import station_make, told_by

pytestmark = pytest.mark.django_db
DESK = reverse("stations:desk_list")


def _phone(town, who: str) -> Client:
    phone = Client()
    sign_in(phone, town.account(who), second_factor=True)
    return phone


def test_each_sees_what_lies_in_her_reach(town, station):
    other = station_make(town.organisation("riverside"), "江畔驿站", code="JZ-002")
    for who, seen in (
        ("wang", {station}), ("ma", {other}), ("sun", {station}), ("chen", {station}),
        ("zhou", {station, other}), ("he", {station, other}),
    ):  # fmt: skip
        rows = _phone(town, who).get(DESK).context["rows"]
        assert {row.station for row in rows} == seen, who
    for who in ("qian", "fang"):
        assert _phone(town, who).get(DESK).status_code == 404, "a post without the ability"
    for who in ("lin", "zhao"):
        assert _phone(town, who).get(DESK).status_code == 403
    assert Client().get(DESK).status_code == 302


def test_strangers_to_a_station_find_no_such_page(town, station):
    trouble = told_by(station, "a").trouble
    pages = [
        reverse("stations:station_desk", args=[station.code]),
        reverse("stations:trouble", args=[trouble.pk]),
    ]
    acts = [
        reverse("stations:station_shut", args=[station.code]),
        reverse("stations:station_reopen", args=[station.code]),
        reverse("stations:trouble", args=[trouble.pk]),
    ]
    for who, status in (("ma", 404), ("zhao", 403), ("lin", 403)):
        phone = _phone(town, who)
        assert {phone.get(page).status_code for page in pages} == {status}
        assert {phone.post(act, {"reason": "repair"}).status_code for act in acts} == {status}
    assert Trouble.objects.get().is_open


def test_the_most_urgent_clock_stands_on_top(town, station, hands):
    told_by(station, "a", kind="broken")
    told_by(station, "a", kind="locked")
    told_by(station, "a", kind="dirty")
    page = _phone(town, "sun").get(DESK)
    assert [one.story.trouble.kind for one in page.context["open"]] == ["locked", "dirty", "broken"]
    assert page.context["counts"] == {"stations": 1, "waiting": 3, "late": 0}
    hands.move(hours=3)
    page = _phone(town, "sun").get(DESK)
    assert page.context["counts"]["late"] == 1
    assert "已超" in page.content.decode()


def test_wang_answers_from_her_phone_and_it_is_open_again(town, station):
    for teller in "ab":
        trouble = told_by(station, teller).trouble
    phone = _phone(town, "wang")
    address = reverse("stations:trouble", args=[trouble.pk])
    assert "还剩" in phone.get(address).content.decode()
    missing = phone.post(address, {"found": "so", "is_open_now": "on"})
    assert missing.context["form"].errors
    closed = phone.post(address, {"found": "so", "answer": "换了锁。"})
    assert "is_open_now" in closed.context["form"].errors
    given = {"found": "so", "answer": "换了锁。", "is_open_now": "on"}
    assert phone.post(address, given).url == reverse("stations:station_desk", args=[station.code])
    assert phone.post(address, given).status_code == 302
    assert seen_one(station).standing.state is State.OPEN
    assert phone.put(address).status_code == 405


def test_of_two_keepers_the_second_reads_that_it_is_done(town, station):
    trouble = told_by(station, "a").trouble
    address = reverse("stations:trouble", args=[trouble.pk])
    given = {"found": "so", "answer": "换了锁。", "is_open_now": "on"}
    _phone(town, "wang").post(address, given)
    late = _phone(town, "sun").post(address, given | {"answer": "我去看过了。"})
    assert "已有同事答复" in late.content.decode()


def test_a_keeper_closes_her_station_with_a_reason_and_a_day(town, station):
    phone = _phone(town, "wang")
    shut = reverse("stations:station_shut", args=[station.code])
    assert phone.post(shut, {"reason": "repair", "until": "2026-11-20"}).context["shut_form"].errors
    assert phone.post(shut, {"reason": "?"}).context["shut_form"].errors
    phone.post(shut, {"reason": "repair", "until": "2026-12-01", "words": "换空调"})
    page = Client().get(reverse("stations:station_page", args=[station.code])).content.decode()
    assert "维修" in page
    assert "换空调" in page
    phone.post(reverse("stations:station_reopen", args=[station.code]))
    assert seen_one(station).standing.state is State.OPEN
    assert phone.get(shut).status_code == 405


def test_the_desk_needs_few_queries(town, station, django_assert_max_num_queries):
    for number in range(60):
        made = station_make(town.organisation("yangtze"), f"驿站 {number}", code=f"JZ-{number}x")
        told_by(made, "a", kind="dirty")
    phone = _phone(town, "zhou")
    phone.get(DESK)  # the first page of a sign-in also writes its session
    with django_assert_max_num_queries(14):
        phone.get(DESK)
    with django_assert_max_num_queries(18):
        phone.get(reverse("stations:station_desk", args=[station.code]))


def test_stations_are_found_at_the_desk_by_name_sound_and_code(town, station):
    phone = _phone(town, "sun")
    for typed, found in (("北苍", 1), ("beic", 1), ("jz-001", 1), ("%", 0), ("没有", 0)):
        assert len(phone.get(DESK, {"q": typed}).context["rows"]) == found, typed


def test_who_is_named_for_a_station_takes_it_along_and_is_struck_off(town, station, hands):
    Keeping.objects.create(
        station=station, account=town.account("wang"), since_on=hands.read().date()
    )
    wang = Person(account_id=town.account_id("wang"), member_id=town.member_id("wang"))
    export = next(part for key, part in privacy_export.items() if key == "stations")
    assert export.read(wang) == [{"station": "北苍驿站", "code": "JZ-001", "since": "2026-11-24"}]
    next(part for key, part in privacy_erase.items() if key == "stations").erase(wang)
    assert not Keeping.objects.exists()
    assert export.read(Person(account_id=None, member_id=None)) == []
