"""Stations on the home page, among the services, in the search; each member sees her own district."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.stations.selectors import home
from lianxin.stations.testing import station_make, told_by, week_of

pytestmark = pytest.mark.django_db
CARD = reverse("stations:open_card")


@pytest.fixture(autouse=True)
def _asked_anew():
    home.forget()
    yield
    home.forget()


def _client(town, who: str) -> Client:
    client = Client()
    sign_in(client, town.account(who))
    return client


def _names(client: Client) -> list[str]:
    return [row.station.name for row in client.get(CARD).context["rows"]]


def test_the_card_is_there_once_there_is_a_station(town, client):
    assert "Service stations" not in client.get("/").content.decode()
    assert "现在开着的驿站" not in client.get("/").content.decode()
    station_make(town.organisation("yangtze"))
    home.forget()  # within a minute it would have asked by itself
    page = client.get("/").content.decode()
    assert "现在开着的驿站" in page
    assert reverse("stations:station_list") in page
    assert CARD not in page, "a visitor has no district"
    assert CARD in _client(town, "lin").get("/").content.decode()


def test_lin_sees_what_is_open_in_her_district_her_own_line_first(town, station):
    district = town.organisation("jialing")
    station_make(district, "区工会驿站", code="JZ-002")
    station_make(district, "夜间驿站", code="JZ-003", week=week_of("20:00-6:00"))
    station_make(town.organisation("riverside"), "江畔驿站", code="JZ-004")
    shut = station_make(town.organisation("beicang"), "街道驿站", code="JZ-005")
    for teller in "ab":
        told_by(shut, teller)
    assert _names(_client(town, "lin")) == ["北苍驿站", "区工会驿站"]
    assert _names(_client(town, "zhao")) == ["江畔驿站"]
    assert _names(_client(town, "tang")) == []
    assert Client().get(CARD).status_code == 302
    assert _client(town, "lin").post(CARD).status_code == 405


def test_the_card_needs_few_queries(town, station, django_assert_max_num_queries):
    for number in range(90):
        station_make(town.organisation("beicang"), f"驿站 {number}", code=f"JZ-1{number:02}")
    lin = _client(town, "lin")
    lin.get(CARD)
    with django_assert_max_num_queries(9):
        lin.get(CARD)


def test_stations_stand_among_the_services_and_are_found_there(town, station, client):
    assert "喝水、歇脚" in client.get(reverse("catalogue:service_list")).content.decode()
    search = reverse("catalogue:service_search")
    for typed, is_found in (
        ("北苍", True),
        ("哪里有厕所", True),
        ("歇脚", True),
        ("学费", False),
        ("", False),
    ):
        page = client.get(search, {"q": typed}).content.decode()
        assert (
            ('id="found"' in page and reverse("stations:station_page", args=["JZ-001"]) in page)
            or "按区县、按设施" in page
        ) is is_found, typed


def test_one_letter_is_no_search(station):
    assert home.found_for("北") == []
    assert home.found_for("%%") == []
