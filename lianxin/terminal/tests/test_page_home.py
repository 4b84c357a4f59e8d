"""The home, one's own page and help: for Lin, for Wang, for Zhao, and for anybody who passes by."""

from __future__ import annotations

import pytest
from django.test import Client

from lianxin.accounts.testing import sign_in
from lianxin.members.testing import Federation, federation

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Federation:
    return federation()


def client_of(people: Federation, key: str) -> Client:
    client = Client()
    sign_in(client, people.account(key))
    return client


def test_the_home_greets_a_person_by_name_and_union(people: Federation) -> None:
    page = client_of(people, "lin").get("/").content.decode()
    assert "林晓梅，" in page
    assert "扬子机械厂工会" in page


def test_a_visitor_sees_the_home_without_anything_personal(people: Federation) -> None:
    page = Client().get("/").content.decode()
    assert "用手机号登录" in page
    assert "tel:12351" in page
    assert "tel:12356" in page
    assert "扬子机械厂工会" not in page


def test_somebody_on_no_roll_is_welcome_too(people: Federation) -> None:
    tang = client_of(people, "tang")
    assert "唐风，" in tang.get("/").content.decode()
    assert "会员名册里还没有您" in tang.get("/me/").content.decode()


def test_ones_own_page_asks_a_visitor_to_sign_in(people: Federation) -> None:
    assert Client().get("/me/").status_code == 302
    assert "工会会员" in client_of(people, "lin").get("/me/").content.decode()


def test_only_officers_see_the_way_to_the_desk(people: Federation) -> None:
    assert "去工作台" in client_of(people, "wang").get("/me/").content.decode()
    for worker in ("lin", "zhao"):
        assert "去工作台" not in client_of(people, worker).get("/me/").content.decode()


def test_help_names_ones_own_union_and_nobody_elses(people: Federation) -> None:
    assert "扬子机械厂工会" in client_of(people, "lin").get("/help/").content.decode()
    zhao = client_of(people, "zhao").get("/help/").content.decode()
    assert "江畔酒店工会" in zhao
    assert "扬子机械厂工会" not in zhao


@pytest.mark.parametrize("page", ["/", "/me/", "/help/"])
def test_a_page_to_read_takes_no_post(people: Federation, page: str) -> None:
    assert client_of(people, "lin").post(page).status_code == 405


def test_the_home_is_light(people: Federation, django_assert_max_num_queries) -> None:
    lin = client_of(people, "lin")
    lin.get("/")
    with django_assert_max_num_queries(12):
        page = lin.get("/")
    assert len(page.content) < 40_000
    with django_assert_max_num_queries(3):
        Client().get("/")
