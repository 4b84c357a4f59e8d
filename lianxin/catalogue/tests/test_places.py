"""Places of a service that are short: declared in its file, opened by an officer, found with the service."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.allocation.api import Pool
from lianxin.catalogue.constants import PLACES
from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.kit.workdays import SHANGHAI

LIST, NEW = reverse("catalogue:places_list"), reverse("catalogue:places_new", args=["health-check"])
PAGE = reverse("catalogue:service_page", args=["health-check"])


def _moment(days: int) -> str:
    return f"{clock.now().astimezone(SHANGHAI) + dt.timedelta(days=days):%Y-%m-%dT%H:%M}"


def _form(**more: str) -> dict[str, str]:
    said = {"union": "JZ-JL-JA-CJ", "name": "东门体检车", "capacity": "40", "place": "东门停车场"}
    said |= {"starts_at": _moment(9), "closes_at": _moment(7), "opens_at": "", "key": str(new_id())}
    return said | more


@pytest.fixture
def wang(town):
    browser = Client()
    sign_in(browser, town.account("wang"))
    return browser


@pytest.fixture
def form(town):
    return _form(union=town.organisation("yangtze").code)


def test_an_officer_opens_places_and_a_double_tap_opens_them_once(town, wang, form):
    assert wang.get(NEW).status_code == 200
    for _twice in range(2):
        assert wang.post(NEW, form).status_code == 302
    pool = Pool.objects.get(kind=PLACES)
    assert (pool.capacity, pool.organisation, pool.place) == (40, town.organisation("yangtze"), "东门停车场")  # fmt: skip
    assert pool.title == "职工体检 · 东门体检车"
    # Who had one within a year comes after those who had none: as the file of the service says.
    assert (pool.one_per, pool.series, pool.strata) == ("person", "service:health-check", [{"days": 365}])  # fmt: skip


def test_her_people_find_them_with_the_service_and_others_do_not(town, wang, form, lin):
    wang.post(NEW, form)
    assert "东门体检车" in lin.get(PAGE).content.decode()
    zhao = Client()
    sign_in(zhao, town.account("zhao"), second_factor=False)
    assert "东门体检车" not in zhao.get(PAGE).content.decode()
    pool = Pool.objects.get(kind=PLACES)
    page = lin.get(reverse("allocation:pool", args=[pool.pk])).content.decode()
    assert PAGE in page
    pool.closes_at = clock.now()
    pool.opens_at = clock.now() - dt.timedelta(days=1)
    pool.save()
    assert "东门体检车" not in lin.get(PAGE).content.decode()


def test_only_who_gives_places_opens_any(town, wang, form, lin):
    for browser in (lin, Client()):
        assert browser.get(LIST).status_code in {302, 404, 403}
        browser.post(NEW, form)
    ma = Client()
    sign_in(ma, town.account("ma"))
    assert ma.get(LIST).status_code == 200
    assert ma.post(NEW, form).status_code == 200  # no choice of hers: said at the field
    assert wang.get(reverse("catalogue:places_new", args=["school-aid"])).status_code == 404
    assert wang.get(reverse("catalogue:places_new", args=["nothing"])).status_code == 404
    assert not Pool.objects.filter(kind=PLACES).exists()


@pytest.mark.parametrize(
    "wrong", [{"capacity": "0"}, {"capacity": "many"}, {"closes_at": ""}, {"closes_at": "soon"},
              {"opens_at": "2099-01-01T10:00"}, {"starts_at": "2020-01-01T10:00"}, {"name": ""}],
)  # fmt: skip
def test_what_makes_no_sense_is_said_at_its_field_and_nothing_typed_is_lost(wang, form, wrong):
    answer = wang.post(NEW, form | wrong)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in page
    assert "东门停车场" in page
    assert not Pool.objects.filter(kind=PLACES).exists()


def test_places_are_found_from_the_list_of_what_one_arranges(wang):
    assert LIST in wang.get(reverse("allocation:pool_list")).content.decode()
    assert NEW in wang.get(LIST).content.decode()


def test_the_page_of_a_service_asks_one_question_more(
    wang, form, lin, django_assert_max_num_queries
):
    for _one in range(3):
        wang.post(NEW, form | {"key": str(new_id())})
    lin.get(PAGE)
    with django_assert_max_num_queries(12):
        lin.get(PAGE)
