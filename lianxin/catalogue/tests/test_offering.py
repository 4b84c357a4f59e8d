"""The public pages: open to all, honest about what they know, found by what one needs."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.catalogue.models import ParameterValue
from lianxin.catalogue.rules.item import Season
from lianxin.catalogue.selectors.shelf import _Kept, shelf
from lianxin.catalogue.testing import applied, begun
from lianxin.kit import clock

NEEDS = [
    ("孩子上大学", "school-aid"), ("工资没发", "rights-complaint"), ("老板拖欠工资怎么办", "rights-complaint"),
    ("睡不着", "counselling"), ("我想找心理医生聊聊", "counselling"), ("看病花了好多钱", "medical-aid"),
    ("体检", "health-check"), ("没地方住", "rental-offer"), ("考高级工", "certification-channel"),
    ("孩子没人带", "childcare-place"), ("退休", "humane-care"), ("打官司", "legal-aid"),
    ("揭不开锅", "hardship-file"), ("自考 毕业证", "education-subsidy"), ("家里着火了", "temporary-relief"),
    ("jinqiuzhuxue", "school-aid"), ("jqzx", "school-aid"), ("JQZX", "school-aid"),
    ("ｊｉｎｑｉｕ", "school-aid"), ("tuoqian gongzi", "rights-complaint"), ("tijian", "health-check"),
    ("jinqiuzhuxeu", "school-aid"), ("child to university", "school-aid"), ("unpaid wages", "rights-complaint"),
    ("unpaid wagse", "rights-complaint"), ("lawyer", "legal-aid"), ("childcare", "childcare-place"),
    ("　体 检！", "health-check"), ("legal-aid", "legal-aid"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "code"), NEEDS)
def test_a_service_is_found_by_need_synonym_pinyin_and_with_a_slip(town, typed, code):
    found = [offer.code for offer in shelf().search(typed)]
    assert found[:1] == [code], found


@pytest.mark.parametrize("typed", ["", "  ", "zzzz", "龘", "%", "'; drop", "<b>", "a", "\u202e"])
def test_what_nobody_offers_is_not_found_and_said_kindly(town, client, typed):
    answer = client.get(reverse("catalogue:service_search"), {"q": typed})
    assert answer.status_code == 200
    assert answer.context["offers"] == []
    assert "<b>" not in answer.content.decode().split("<main", 1)[1]


def test_a_door_is_found_by_its_name(town):
    assert {offer.code for offer in shelf().search("看病托娃")} >= {
        "medical-aid",
        "childcare-place",
    }


def test_search_works_without_script_and_sends_only_the_result_to_it(town, client):
    address = reverse("catalogue:service_search")
    whole = client.get(address, {"q": "体检"}).content.decode()
    part = client.get(address, {"q": "体检"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert "职工体检" in part


def test_everybody_sees_all_services_behind_eight_doors(town, client):
    page = client.get(reverse("catalogue:service_list")).content.decode()
    assert page.count('class="tile ') >= 8
    for offer in shelf().offers.values():
        assert reverse("catalogue:service_page", args=[offer.code]) in page
    for who in ("lin", "wang", "zhao"):
        sign_in(client, town.account(who))
        assert client.get(reverse("catalogue:service_list")).status_code == 200


def test_beds_and_study_tours_stand_beside_the_services(town, client):
    page = client.get(reverse("catalogue:service_list")).content.decode()
    for path in ("/stations/", "/bookings/", "/activities/study-tours/"):
        assert f'href="{path}"' in page
    tours = client.get("/activities/study-tours/", follow=True)
    assert tours.status_code == 200
    assert tours.context["wanted"].kind == "study_tour"


def test_every_guide_is_whole_in_both_languages_with_a_human_door(town, client):
    for offer in shelf().offers.values():
        for language in ("zh-hans", "en"):
            client.cookies["django_language"] = language
            answer = client.get(
                reverse("catalogue:service_page", args=[offer.code]),
                headers={"Accept-Language": language},
            )
            page = answer.content.decode()
            title = offer.card.title.en if language == "en" else offer.card.title.zh_Hans
            assert title in page
            assert f"tel:{offer.card.door.phone}" in page
            assert "<title>" in page
            assert 'name="description"' in page


def test_a_service_nobody_knows_is_gone(town, client):
    assert client.get(reverse("catalogue:service_page", args=["no-such"])).status_code == 410


def test_a_member_reads_what_is_known_and_a_visitor_does_not(town, lin):
    address = reverse("catalogue:service_page", args=["hardship-file"])
    mine = lin.get(address)
    assert mine.context["mine"].saved == 6
    assert "765" in mine.content.decode()
    lin.logout()
    assert lin.get(address).context["mine"] is None


def test_an_unknown_standard_is_said_aloud(town, lin):
    ParameterValue.objects.all().delete()
    page = lin.get(reverse("catalogue:service_page", args=["hardship-file"]))
    assert page.context["mine"].standard is None
    assert "765" not in page.content.decode()


def test_a_running_case_is_shown_but_never_that_of_a_counsellor(town, lin):
    applied(town.actor("lin"), "hardship-file")
    applied(town.actor("lin"), "counselling")
    shown = lin.get(reverse("catalogue:service_page", args=["hardship-file"])).context["mine"]
    assert shown.running is not None
    talk = lin.get(reverse("catalogue:service_page", args=["counselling"])).context["mine"]
    assert talk.running is None


def test_begun_applications_stand_on_the_home_but_never_a_counselling_one(town, lin):
    begun(town.actor("lin"), "counselling")
    begun(town.actor("lin"), "rental-offer")
    home = lin.get("/").content.decode()
    assert "职工租房" in home
    assert "心理咨询预约" not in home


def test_a_closed_season_is_said_and_refused(town, lin, monkeypatch):
    offer = shelf().offers["school-aid"]
    opens = clock.today() + dt.timedelta(days=40)
    card = msgspec.structs.replace(offer.card, season=Season(opens_on=opens))
    closed = type(offer)(**{**vars(offer), "card": card})
    monkeypatch.setitem(_Kept.shelf.offers, "school-aid", closed)
    monkeypatch.setattr("lianxin.catalogue.selectors.guide._PAGES", {})
    page = lin.get(reverse("catalogue:service_page", args=["school-aid"])).content.decode()
    assert reverse("catalogue:apply_start", args=["school-aid"]) not in page
    typed = {
        "agree-finance": "on",
        "agree-child": "on",
        "agree-notices": "on",
        "guardian_name": "林",
    }
    assert lin.post(reverse("catalogue:apply_start", args=["school-aid"]), typed).status_code == 200


def test_a_service_of_another_place_is_said_and_refused(town, lin, monkeypatch):
    offer = shelf().offers["rental-offer"]
    card = msgspec.structs.replace(offer.card, region="JZ-BH")
    there = type(offer)(**{**vars(offer), "card": card})
    assert not there.is_for(town.member("lin"))
    assert there.is_for(None)
    monkeypatch.setitem(_Kept.shelf.offers, "rental-offer", there)
    page = lin.post(
        reverse("catalogue:apply_start", args=["rental-offer"]), {"agree-service": "on"}
    )
    assert page.status_code == 200
    assert page.context["form"].errors


def test_the_public_pages_are_in_the_sitemap(town, client):
    found = client.get("/sitemap.xml").content.decode()
    assert "/services/hardship-file/" in found


def test_a_page_costs_a_visitor_few_queries(town, client, django_assert_max_num_queries):
    address = reverse("catalogue:service_page", args=["hardship-file"])
    client.get(address)
    with django_assert_max_num_queries(1):
        client.get(address)
    with django_assert_max_num_queries(1):
        client.get(reverse("catalogue:service_list"))
