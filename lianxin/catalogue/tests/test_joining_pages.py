"""Joining on a phone: found by name or street, asked little, sent once; and the poster."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.catalogue.constants import JOINING
from lianxin.jobs.testing import settle
from lianxin.members.api import member_of
from lianxin.members.testing import Federation, invented_id_number
from lianxin.orgs.api import Organisation
from lianxin.procedures.api import Dossier
from lianxin.procedures.testing import approve

NEW = invented_id_number(dt.date(1992, 2, 29), 431)
STREET = "JZ-BH-JW"


def apply_url(code: str = STREET) -> str:
    return reverse("catalogue:join_apply", args=[code])


def typed(**more: Any) -> dict[str, Any]:
    return {
        "name": "唐风", "id_number": NEW, "employment_form": "flexible", "employer": "闪送",
        "agree-membership": "on", **more,
    }  # fmt: skip


@pytest.fixture
def as_(town: Federation) -> Any:
    def signed(key: str) -> Client:
        client = Client()
        sign_in(client, town.account(key))
        return client

    return signed


def test_a_courier_finds_her_street_without_typing(town: Federation, client: Client) -> None:
    page = client.get(reverse("catalogue:join_find"))
    assert "滨河区总工会" in page.content.decode()
    page = client.get(reverse("catalogue:join_find"), {"district": "JZ-BH"})
    assert apply_url() in page.content.decode()


def test_a_factory_worker_finds_her_union_by_name(town: Federation, client: Client) -> None:
    page = client.get(reverse("catalogue:join_find"), {"q": "扬子"}).content.decode()
    assert apply_url("JZ-JL-BC-001") in page
    nothing = client.get(reverse("catalogue:join_find"), {"q": "<script>"}).content.decode()
    assert "<script>" not in nothing.split("<main", 1)[1]


def test_a_code_leads_to_its_union_and_no_other(town: Federation, client: Client) -> None:
    page = client.get(reverse("catalogue:join", args=[STREET]))
    assert "江湾街道总工会" in page.content.decode()
    assert client.get(reverse("catalogue:join", args=["NOWHERE"])).status_code == 404
    Organisation.objects.filter(code=STREET).update(state="closed")
    assert client.get(reverse("catalogue:join", args=[STREET])).status_code == 404


def test_one_page_sent_twice_is_one_application(town: Federation, as_: Any) -> None:
    tang = as_("tang")
    assert tang.get(apply_url()).status_code == 200
    for _twice in range(2):
        answer = tang.post(apply_url(), typed())
        assert answer.status_code in {200, 302}
    dossier = Dossier.objects.get()
    assert dossier.organisation.code == STREET
    approve(dossier, town.actor("zhou"))
    settle()
    member = member_of(town.account_id("tang"))
    assert member is not None
    assert member.organisation.code == STREET


def test_a_wrong_number_is_told_at_its_field_and_nothing_typed_is_lost(as_: Any) -> None:
    page = as_("tang").post(apply_url(), typed(id_number=NEW[:-1] + "0", employer="美团站点"))
    shown = page.content.decode()
    assert page.status_code == 200
    assert 'id="id_id_number"' in shown
    assert "美团站点" in shown
    assert "唐风" in shown
    assert not Dossier.objects.exists()


def test_without_the_yes_nothing_is_kept(as_: Any) -> None:
    page = as_("tang").post(apply_url(), typed(**{"agree-membership": ""}))
    assert page.status_code == 200
    assert not Dossier.objects.exists()


def test_a_member_is_told_so(as_: Any) -> None:
    for key in ("lin", "wang", "zhao"):
        page = as_(key).get(apply_url())
        assert reverse("members:card") in page.content.decode()
        assert (
            reverse("catalogue:apply_start", args=["membership-transfer"]) in page.content.decode()
        )


def test_who_is_not_signed_in_signs_in_first_and_comes_back(client: Client) -> None:
    answer = client.get(apply_url())
    assert answer.status_code == 302
    assert "next=/join/" in answer["Location"]


def test_the_page_of_the_service_leads_to_the_short_way(town: Federation, client: Client) -> None:
    answer = client.get(reverse("catalogue:apply_start", args=[JOINING]))
    assert answer["Location"] == reverse("catalogue:join_find")


def test_officers_print_posters_for_the_unions_they_serve(as_: Any) -> None:
    lists = reverse("catalogue:poster_list")
    poster = reverse("catalogue:poster", args=["JZ-JL-BC-001"])
    assert "扬子机械厂工会" in as_("wang").get(lists).content.decode()
    assert "data:image/svg+xml" in as_("wang").get(poster).content.decode()
    assert "扬子机械厂工会" not in as_("ma").get(lists).content.decode()
    assert as_("ma").get(poster).status_code == 404
    for worker in ("lin", "zhao"):
        assert as_(worker).get(poster).status_code == 403
    assert as_("wang").post(poster).status_code == 405


def test_the_pages_take_no_other_verb(town: Federation, client: Client, as_: Any) -> None:
    assert client.post(reverse("catalogue:join_find")).status_code == 405
    assert client.post(reverse("catalogue:join", args=[STREET])).status_code == 405
    assert as_("tang").put(apply_url()).status_code == 405
