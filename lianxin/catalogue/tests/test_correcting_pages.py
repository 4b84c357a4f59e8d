"""Asking to put the roll right, as pages: tapped, sent once, followed at the field and at the desk."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.catalogue import services
from lianxin.catalogue.constants import CORRECTION
from lianxin.catalogue.models import Draft
from lianxin.catalogue.testing import PDF
from lianxin.jobs.testing import settle
from lianxin.members.api import Member
from lianxin.members.testing import Federation, id_number_of, invented_id_number
from lianxin.procedures.api import Dossier, case_facts
from lianxin.procedures.testing import approve

FACTS = reverse("members:facts")
RIGHT = invented_id_number(dt.date(1981, 6, 17), 22)
CHECKED = ("name", "id_number", "union_joined_on")


def url(name: str) -> str:
    return reverse("catalogue:correct", args=[name])


def said(**more: Any) -> dict[str, Any]:
    return {"right_name": "林小梅", "why": "登记时写错了。", "in_person": "yes", **more}


@pytest.fixture
def as_(town: Federation) -> Any:
    def signed(key: str) -> Client:
        client = Client()
        sign_in(client, town.account(key))
        return client

    return signed


def _photo(name: str = "身份证.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, "application/pdf")


def test_each_field_of_the_roll_has_a_way_to_put_it_right(as_: Any) -> None:
    page = as_("lin").get(FACTS).content.decode()
    for name in CHECKED:
        assert f'href="{url(name)}"' in page
    assert reverse("members:fact", args=["employer"]) in page
    assert reverse("members:number") in page
    assert reverse("catalogue:service_page", args=["membership-transfer"]) in page


def test_the_page_of_the_service_leads_to_what_is_kept(as_: Any) -> None:
    answer = as_("lin").get(reverse("catalogue:apply_start", args=[CORRECTION]))
    assert answer["Location"] == FACTS


def test_what_follows_from_the_number_leads_to_the_number(as_: Any) -> None:
    for name in ("sex", "birth_on"):
        assert as_("lin").get(url(name))["Location"] == url("id_number")


@pytest.mark.parametrize("name", CHECKED)
def test_she_sees_what_stands_there_numbers_masked(as_: Any, name: str) -> None:
    page = as_("lin").get(url(name))
    assert page.status_code == 200
    assert id_number_of("lin") not in page.content.decode()


def test_sent_twice_it_is_one_case_and_stands_at_its_field(town: Federation, as_: Any) -> None:
    lin = as_("lin")
    first = lin.post(url("name"), said())
    assert first.status_code == 302
    again = lin.post(url("name"), said())
    dossier = Dossier.objects.get()
    assert again["Location"] == reverse("procedures:case", args=[dossier.pk])
    assert dossier.subject_id == town.member_id("lin")
    page = lin.get(FACTS).content.decode()
    assert reverse("procedures:case", args=[dossier.pk]) in page
    assert f'href="{url("name")}"' not in page
    assert lin.get(first["Location"]).status_code == 200
    approve(dossier, town.actor("wang"))
    settle()
    after = lin.get(FACTS).content.decode()
    assert "林小梅" in after
    assert "工会核对后更正" in after


def test_a_name_needs_a_paper_or_a_look_in_person_and_nothing_is_lost(as_: Any) -> None:
    lin = as_("lin")
    page = lin.post(url("name"), said(in_person="no"))
    assert page.status_code == 200
    assert "林小梅" in page.content.decode()
    assert not Dossier.objects.exists()
    answer = lin.post(url("name"), {**said(in_person=""), "paper-proof": _photo()})
    assert answer.status_code == 302
    assert Dossier.objects.get().papers.count() == 1


@pytest.mark.parametrize("screen", ["known", "missing"])
def test_a_try_that_was_refused_finds_no_way_round_the_paper(as_: Any, screen: str) -> None:
    lin = as_("lin")
    lin.post(url("name"), said(in_person="no"))
    draft = Draft.objects.get()
    address = reverse(f"catalogue:apply_{screen}", args=[draft.pk])
    sent = {**said(in_person="no"), "what": "name", "version": str(draft.version_id)}
    for answer in (lin.get(address), lin.post(address, sent)):
        assert answer["Location"] == url("name")
    assert not Dossier.objects.exists()


def test_one_begun_without_a_field_leads_to_what_is_kept(town: Federation, as_: Any) -> None:
    draft = services.draft_begin(actor=town.actor("lin"), code=CORRECTION)
    answer = as_("lin").get(reverse("catalogue:apply_missing", args=[draft.pk]))
    assert answer["Location"] == FACTS


def test_what_was_sent_without_a_paper_does_not_turn_into_a_name(
    town: Federation, as_: Any
) -> None:
    lin = as_("lin")
    lin.post(url("union_joined_on"), {"right_union_joined_on": "2014-03-01", "why": "老会员证。"})
    dossier = Dossier.objects.get()
    page = lin.get(reverse("procedures:case_amend", args=[dossier.pk])).content.decode()
    assert "right_union_joined_on" in page
    assert 'name="what"' not in page
    sent = {
        "key": "a",
        "seen": dossier.seq,
        "what": "name",
        "right_name": "林小梅",
        "why": "老会员证。",
    }
    sent["right_union_joined_on"] = "2014-04-01"
    assert lin.post(reverse("procedures:case_amend", args=[dossier.pk]), sent).status_code == 302
    case = case_facts(dossier.pk, CORRECTION)
    assert case
    assert case.values["what"] == "union_joined_on"
    assert case.values["right_union_joined_on"] == "2014-04-01"


def test_a_paper_is_kept_over_a_mistake_and_taken_out_by_its_button(as_: Any) -> None:
    lin = as_("lin")
    page = lin.post(url("name"), {**said(right_name="123", in_person=""), "paper-proof": _photo()})
    assert "身份证.pdf" in page.content.decode()
    page = lin.get(url("name")).content.decode()
    assert "身份证.pdf" in page
    file_id = Draft.objects.get().papers["proof"][0]
    assert lin.post(url("name"), {"drop": file_id}).status_code == 302
    assert "身份证.pdf" not in lin.get(url("name")).content.decode()
    assert lin.post(url("name"), {"drop": "nonsense"}).status_code == 404


def test_begun_for_one_field_nothing_slips_into_another(as_: Any) -> None:
    lin = as_("lin")
    lin.post(url("name"), {**said(right_name="123", in_person=""), "paper-proof": _photo()})
    sent = {"right_union_joined_on": "2014-03-01", "why": "老会员证。"}
    assert lin.post(url("union_joined_on"), sent).status_code == 302
    dossier = Dossier.objects.get()
    assert dossier.papers.count() == 0


def test_a_wrong_number_is_told_at_its_field(as_: Any) -> None:
    sent = {"right_id_kind": "resident", "right_id_number": RIGHT[:17] + "?", "why": "错了"}
    page = as_("lin").post(url("id_number"), {**sent, "in_person": "yes"}).content.decode()
    assert 'id="id_right_id_number_error"' in page or 'aria-invalid="true"' in page
    assert not Dossier.objects.exists()


def test_the_officer_reads_what_stands_there_beside_what_was_sent(
    town: Federation, as_: Any
) -> None:
    as_("lin").post(url("name"), said())
    dossier = Dossier.objects.get()
    page = as_("wang").get(reverse("procedures:dossier", args=[dossier.pk])).content.decode()
    assert "林小梅" in page
    assert "林晓梅" in page.split('id="answers"', 1)[1]


def test_of_a_number_the_officer_reads_only_the_ends_until_it_is_opened(
    town: Federation, as_: Any
) -> None:
    sent = {
        "right_id_kind": "resident",
        "right_id_number": RIGHT,
        "why": "错了",
        "in_person": "yes",
    }
    assert as_("lin").post(url("id_number"), sent).status_code == 302
    dossier = Dossier.objects.get()
    wang = as_("wang")
    page = wang.get(reverse("procedures:dossier", args=[dossier.pk])).content.decode()
    assert RIGHT not in page
    assert id_number_of("lin") not in page
    opened = wang.post(reverse("procedures:dossier_open", args=[dossier.pk]), {"purpose": "handle"})
    shown = opened.content.decode() if opened.status_code == 200 else ""
    assert id_number_of("lin") not in shown


@pytest.mark.parametrize("who", ["zhao", "ma"])
def test_strangers_see_nothing_of_it(town: Federation, as_: Any, who: str) -> None:
    as_("lin").post(url("name"), said())
    dossier = Dossier.objects.get()
    for name in ("procedures:case", "procedures:dossier"):
        assert as_(who).get(reverse(name, args=[dossier.pk])).status_code == 404
    # The same page is her own: it knows nothing of Lin's.
    page = as_(who).get(url("name"))
    assert page.status_code == 200
    assert "林" not in page.content.decode().split("<main", 1)[1].split("</main", 1)[0]


def test_without_an_entry_or_a_name_of_a_field_there_is_no_such_page(as_: Any) -> None:
    assert as_("tang").get(url("name")).status_code == 404
    for name in ("employer", "organisation", "nothing", "id_kind", "phone"):
        assert as_("lin").get(url(name)).status_code == 404
    assert as_("lin").put(url("name")).status_code == 405
    assert Client().get(url("name")).status_code == 302


def test_the_list_costs_a_bounded_number_of_queries(
    as_: Any, django_assert_max_num_queries: Any
) -> None:
    lin = as_("lin")
    lin.get(FACTS)
    with django_assert_max_num_queries(14):
        lin.get(FACTS)


def test_a_member_who_took_a_new_number_has_it_on_the_roll_at_once(
    town: Federation, as_: Any
) -> None:
    account = town.account("lin")
    Member.objects.filter(pk=town.member_id("lin")).update(phone_index="other")
    number = reverse("members:number")
    lin = as_("lin")
    assert lin.get(number).status_code == 200
    for _twice in range(2):
        assert lin.post(number)["Location"] == FACTS
    assert Member.objects.get(pk=town.member_id("lin")).phone_index == account.phone_index
    assert "您自己填写" in lin.get(FACTS).content.decode()
    assert as_("tang").get(number).status_code == 404
    assert lin.put(number).status_code == 405
