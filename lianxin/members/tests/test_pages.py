"""The pages of the members app, asked by Lin, Wang, Zhao and a visitor."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.accounts.events import AccountClosed
from lianxin.audit.api import openings_of
from lianxin.members.api import (
    Changes,
    consent_give,
    consent_given,
    fact_save,
    member_of,
    member_update,
)
from lianxin.members.models import Fact, Member, Relative
from lianxin.members.subscribers import erase_on_close
from lianxin.members.testing import id_number_of

OWN = ("facts", "consents", "looked", "family", "copy")
NUMBER = id_number_of("lin")
NUMBER_TAIL = "0001"


def _packed(answer):
    with zipfile.ZipFile(io.BytesIO(answer)) as files:
        return json.loads(files.read("data.json"))


def _desk(name, fed, key="lin"):
    return reverse(f"members:{name}", args=[fed.member_id(key)])


@pytest.mark.parametrize("name", OWN)
def test_ones_own_pages_are_for_the_signed_in_only(fed, as_, name):
    assert Client().get(reverse(f"members:{name}")).status_code == 302
    for who in ("lin", "wang", "zhao", "tang"):
        assert as_(who).get(reverse(f"members:{name}")).status_code == 200


@pytest.mark.parametrize("name", OWN[:-1])
def test_both_languages_show_the_page(as_, name):
    for language in ("en", "zh-hans"):
        page = as_("lin").get(reverse(f"members:{name}"), headers={"accept-language": language})
        assert page.status_code == 200


def test_a_person_sees_what_is_kept_masked_and_with_its_source(as_, settings):
    page = as_("lin").get(reverse("members:facts")).content.decode()
    assert "林晓梅" in page
    assert "199****0001" in page
    assert "19900000001" not in page
    assert "扬子机械厂工会" in page


def test_a_fact_is_corrected_once_however_often_it_is_sent(fed, as_):
    lin, url = as_("lin"), reverse("members:fact", args=["occupation"])
    for _twice in range(2):
        assert lin.post(url, {"value": "钳工"}).status_code == 302
    assert Member.objects.get(pk=fed.member_id("lin")).occupation == "钳工"
    rows = Fact.objects.filter(member=fed.member("lin")).order_by("recorded_at")
    assert [(row.value, row.source, row.superseded_at is None) for row in rows] == [
        ("车工", "roll", False), ("钳工", "self", True),
    ]  # fmt: skip
    assert lin.put(url).status_code == 405


def test_a_sensitive_fact_asks_for_the_yes_first(fed, as_):
    lin, url = as_("lin"), reverse("members:fact", args=["household_income_fen"])
    assert lin.post(url, {"value": "42,000"}).status_code == 200
    assert lin.post(url, {"value": "42,000", "consent": "on"}).status_code == 302
    assert consent_given(fed.account_id("lin"), "finance")
    page = lin.get(reverse("members:facts")).content.decode()
    assert "42,000" in page


def test_what_one_typed_wrongly_is_still_there(as_):
    page = as_("lin").post(reverse("members:fact", args=["insured_months"]), {"value": "many"})
    assert page.status_code == 200
    assert "many" in page.content.decode()


def test_children_are_told_row_by_row(fed, as_):
    lin, url = as_("lin"), reverse("members:fact", args=["children"])
    answer = lin.post(
        url,
        {
            "0-name": "林小雨",
            "0-birth_on": "2016-06-01",
            "consent": "on",
            "guardian_name": "林晓梅",
        },
    )
    assert answer.status_code == 302
    page = lin.get(reverse("members:facts")).content.decode()
    assert "林小雨" in page
    assert lin.get(url).status_code == 200


def test_what_the_union_keeps_is_not_corrected_by_oneself(as_):
    for name in ("name", "id_number", "hardship_tier", "nothing"):
        assert as_("lin").get(reverse("members:fact", args=[name])).status_code == 404
    assert as_("tang").get(reverse("members:fact", args=["occupation"])).status_code == 404


def test_a_fact_is_taken_back(fed, as_):
    fact_save(
        actor=fed.actor("lin"),
        member_id=fed.member_id("lin"),
        name="education",
        value="senior",
        source="self",
    )
    url = reverse("members:fact_forget", args=["education"])
    assert as_("lin").post(url).status_code == 302
    assert not Fact.objects.filter(name="education", superseded_at=None, value="senior").exists()
    assert as_("lin").get(url).status_code == 405


def test_a_yes_is_given_and_taken_back_on_the_page(fed, as_):
    lin, url = as_("lin"), reverse("members:consent_change", args=["matching"])
    lin.post(url)
    lin.post(url)
    assert consent_given(fed.account_id("lin"), "matching")
    lin.post(url, {"withdraw": "1"})
    assert not consent_given(fed.account_id("lin"), "matching")
    assert lin.post(reverse("members:consent_change", args=["nothing"])).status_code == 404


def test_the_first_sign_in_finds_the_entry_on_the_roll(fed, as_):
    Member.objects.filter(pk=fed.member_id("lin")).update(account=None)
    lin, url = as_("lin"), reverse("members:link")
    typed = {"name": "林晓梅", "id_number": "999999198105170011"}
    assert lin.post(url, typed).status_code == 200, "no yes, no look"
    wrong = lin.post(url, typed | {"consent": ["membership"]})
    assert "999999198105170011" in wrong.content.decode(), "what was typed stays"
    right = typed | {"id_number": NUMBER, "consent": ["membership", "service"]}
    assert lin.post(url, right).status_code == 302
    assert member_of(fed.account_id("lin")) is not None
    assert lin.get(url).status_code == 302


def test_later_is_an_answer(as_):
    tang = as_("tang")
    assert tang.get(reverse("members:link")).status_code == 200
    assert tang.post(reverse("members:link"), {"later": "1"}).status_code == 302


def test_family_is_added_once_and_removed(fed, as_):
    lin, url = as_("lin"), reverse("members:family")
    typed = {"relation": "spouse", "name": "周大海", "lives_together": "on"}
    lin.post(url, typed)
    lin.post(url, typed)
    row = Relative.objects.get(member=fed.member("lin"))
    assert "周大海" in lin.get(url).content.decode()
    as_("zhao").post(reverse("members:family_remove", args=[row.pk]))
    assert Relative.objects.exists()
    lin.post(reverse("members:family_remove", args=[row.pk]))
    assert not Relative.objects.exists()


def test_an_officer_lists_her_members_with_masked_phones(as_):
    page = as_("wang").get(reverse("members:member_list"))
    text = page.content.decode()
    assert "林晓梅" in text
    assert NUMBER_TAIL in text
    assert "19900000001" not in text
    assert "赵海燕" not in text


def test_the_list_takes_at_most_12_queries(as_):
    wang = as_("chen")
    with CaptureQueriesContext(connection) as queries:
        wang.get(reverse("members:member_list"))
    assert len(queries) <= 12


def test_who_serves_nobody_finds_no_list(fed, as_):
    assert Client().get(reverse("members:member_list")).status_code == 302
    for who in ("lin", "zhao", "tang"):
        assert as_(who).get(reverse("members:member_list")).status_code == 403
    assert as_("fang").get(reverse("members:member_list")).status_code == 404


def test_only_officers_in_reach_come_to_a_member(fed, as_):
    url = _desk("member", fed)
    assert [as_(who).get(url).status_code for who in ("wang", "chen", "zhou")] == [200] * 3
    assert [as_(who).get(url).status_code for who in ("ma", "fang")] == [404] * 2
    assert [as_(who).get(url).status_code for who in ("lin", "zhao")] == [403] * 2


def test_opening_is_for_a_purpose_and_the_member_sees_it(fed, as_):
    wang = as_("wang")
    assert "19900000001" not in wang.get(_desk("member", fed)).content.decode()
    assert wang.get(_desk("member_open", fed)).status_code == 405
    nothing = wang.post(_desk("member_open", fed), {"fields_wanted": ["phone"]})
    assert "19900000001" not in nothing.content.decode(), "no purpose, no opening"
    page = wang.post(_desk("member_open", fed), {"fields_wanted": ["phone"], "purpose": "contact"})
    assert "+8619900000001" in page.content.decode()
    assert page["Cache-Control"].startswith("no-store")
    assert openings_of(fed.account_id("lin")).count() == 1
    seen = as_("lin").get(reverse("members:looked")).content.decode()
    assert "王建国" in seen
    assert "扬子机械厂工会" in seen
    assert "王建国" not in as_("zhao").get(reverse("members:looked")).content.decode()


@pytest.mark.parametrize("who", ["ma", "fang", "zhao"])
def test_strangers_open_nothing(fed, as_, who):
    answer = as_(who).post(
        _desk("member_open", fed), {"fields_wanted": ["phone"], "purpose": "contact"}
    )
    assert answer.status_code in {403, 404}
    assert not openings_of(fed.account_id("lin")).exists()


def test_health_is_not_opened_at_the_desk(fed, as_):
    consent_give(actor=fed.actor("lin"), purpose="health")
    fact_save(
        actor=fed.actor("lin"),
        member_id=fed.member_id("lin"),
        name="health",
        value="良好",
        source="self",
    )
    page = as_("wang").post(
        _desk("member_open", fed), {"fields_wanted": ["health"], "purpose": "help"}
    )
    assert "良好" not in page.content.decode()


def test_an_officer_puts_the_roll_right(fed, as_):
    url = _desk("member_correct", fed)
    typed = {
        "employer_name": "扬子机械厂",
        "occupation": "钳工",
        "skill_level": "4",
        "employment_form": "contract",
    }
    for _twice in range(2):
        assert as_("wang").post(url, typed).status_code == 302
    assert Member.objects.get(pk=fed.member_id("lin")).occupation == "钳工"
    assert as_("ma").get(url).status_code == 404
    wrong = as_("wang").post(url, typed | {"phone": "123"})
    assert wrong.status_code == 200
    assert as_("wang").get(_desk("member_correct", fed, "wang")).status_code == 404


def test_a_copy_holds_everything_and_nobody_elses(fed, as_):
    member_update(
        actor=fed.actor("wang"), member=fed.member("lin"), changes=Changes(occupation="钳工")
    )
    copy = _packed(as_("lin").get(reverse("members:copy")).content)
    assert copy["members"]["facts"]["phone"] == "+8619900000001"
    assert "赵海燕" not in str(copy)
    assert "members" in _packed(as_("tang").get(reverse("members:copy")).content)


def test_a_closed_account_is_erased_and_the_roll_stays(fed, as_):
    consent_give(actor=fed.actor("lin"), purpose="service")
    fact_save(
        actor=fed.actor("lin"),
        member_id=fed.member_id("lin"),
        name="education",
        value="senior",
        source="self",
    )
    event = AccountClosed(account_id=fed.account_id("lin"))
    for _twice in range(2):
        erase_on_close(event)
    held = Member.objects.get(pk=fed.member_id("lin"))
    assert held.account_id is None
    assert held.state == Member.State.IN_FORCE
    assert not Fact.objects.filter(member=held).exists()
    assert not consent_given(fed.account_id("lin"), "service")
