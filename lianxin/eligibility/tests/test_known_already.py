"""What the union knows it does not ask again: facts that follow are used, and say what they follow from."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from django.test import Client

from lianxin.accounts.testing import sign_in
from lianxin.eligibility import services
from lianxin.eligibility.models import Outcome
from lianxin.eligibility.selectors import answers
from lianxin.eligibility.testing import samples
from lianxin.kit import clock
from lianxin.members import api as members
from lianxin.members.testing import federation
from lianxin.orgs.api import Actor

pytestmark = pytest.mark.django_db
CODES = ("school-aid", "school-aid-edge", "temporary-relief", "education-subsidy", "birthday-visit", "hospital-visit")  # fmt: skip
FAMILY = {"household_income_fen": 3_840_000, "rigid_expense_fen": 1_420_000, "household_size": 3}
STUDENT = {"name": "林小溪", "birth_on": "2008-05-01", "school": "嘉州大学", "stage": "university"}


def stop(monkeypatch, year, month, day):
    monkeypatch.setattr(clock, "now", lambda: dt.datetime(year, month, day, 2, tzinfo=dt.UTC))


@pytest.fixture
def made(monkeypatch):
    stop(monkeypatch, 2026, 7, 22)
    chosen = [each for each in samples() if each.code in CODES]
    services.policies_load(actor=Actor.system(), policies=chosen)
    return federation()


def tell(made, source="dossier", **facts):
    for name, value in facts.items():
        members.fact_save(actor=Actor.system(), member_id=made.member_id("lin"), name=name, value=value, source=source)  # fmt: skip


def agree(made, *purposes):
    for purpose in purposes:
        members.consent_give(actor=made.actor("lin"), purpose=purpose, guardian_name="林晓梅")


def known(made, *names):
    return answers.knowledge_of(made.member("lin"), actor_id=None, names=names).values


def outcomes(made):
    services.outcomes_recompute(member_id=made.member_id("lin"))
    rows = Outcome.objects.filter(member=made.member("lin")).select_related("policy")
    return {row.policy.code: row.state for row in rows}


def page_of(made, code):
    client = Client()
    sign_in(client, made.account("lin"))
    return client.get(f"/policies/{code}/").content.decode()


def test_who_is_on_no_file_gets_what_is_meant_for_her(made):
    """Two policies ask for no file; nobody may tell that of herself, the union keeps the files."""
    agree(made, "matching", "finance", "child")
    tell(made, **FAMILY, sudden_loss_fen=3_500_000, children=[STUDENT])
    assert outcomes(made) == {"temporary-relief": "fits"}
    tell(made, child_school_is_private_high_fee=False, school_aid_granted_this_year=False)
    assert outcomes(made)["school-aid-edge"] == "fits"
    tell(made, source="grant", hardship_tier="deep")
    assert outcomes(made) == {"school-aid": "fits"}


def test_a_file_that_ran_out_is_none_in_force(made, monkeypatch):
    agree(made, "matching", "finance")
    tell(made, source="grant", hardship_tier="deep")
    assert known(made, "hardship_tier") == {"hardship_tier": "deep"}
    stop(monkeypatch, 2027, 7, 23)
    assert known(made, "hardship_tier") == {"hardship_tier": "none"}


def test_where_one_may_not_look_nothing_is_known(made):
    agree(made, "matching", "finance")
    tell(made, source="grant", hardship_tier="deep")
    members.consent_withdraw(actor=made.actor("lin"), purpose="finance")
    assert known(made, "hardship_tier") == {}
    assert "/me/consents/" in page_of(made, "school-aid")


def test_school_aid_granted_in_august_is_no_reason_in_january(made, monkeypatch):
    agree(made, "matching", "finance")
    stop(monkeypatch, 2026, 8, 15)
    tell(made, source="grant", school_aid_granted_on=dt.date(2026, 8, 15))
    name = "school_aid_granted_this_year"
    assert known(made, name) == {name: True}
    stop(monkeypatch, 2027, 1, 2)
    assert known(made, name) == {}


def test_what_is_said_of_this_year_is_kept_until_its_end(made, monkeypatch):
    agree(made, "matching", "health")
    stop(monkeypatch, 2026, 11, 30)
    tell(made, hospital_days=4)
    facts = members.facts_of(made.member_id("lin"), ["hospital_days"], actor_id=None, purpose="x")
    assert facts["hospital_days"].expires_on == dt.date(2026, 12, 31)
    assert outcomes(made) == {"hospital-visit": "fits"}
    stop(monkeypatch, 2027, 1, 2)
    assert outcomes(made) == {}


def test_what_a_form_kept_is_not_asked_again(made, monkeypatch):
    agree(made, "matching", "child")
    tell(made, children=[STUDENT], education="bachelor", contract_months=4)
    names = ("child_schooling", "child_age_years", "diploma", "contract_months")
    assert known(made, *names) == dict(zip(names, ("university", 18, "bachelor", 4), strict=True))
    stop(monkeypatch, 2027, 5, 30)
    assert known(made, *names) == {"child_age_years": 19, "diploma": "bachelor", "contract_months": 14}  # fmt: skip


def test_the_page_says_what_a_value_follows_from_and_leads_there(made):
    agree(made, "matching")
    tell(made, education="bachelor")
    page = page_of(made, "education-subsidy")
    assert "据最高学历，您办过的业务" in page
    assert "/me/facts/education/" in page
    assert "/me/facts/diploma/" not in page
    assert "/me/facts/diploma_on/" in page
    tell(made, source="grant", education_subsidy_granted_on=dt.date(2026, 3, 1))
    page = page_of(made, "education-subsidy")
    assert "一生只有一次，您已经领过。" in page
    assert "/me/facts/education_subsidy_granted" not in page


def test_a_birthday_is_found_in_its_month_alone(made, monkeypatch):
    agree(made, "matching")
    born = made.member("lin").birth_on
    stop(monkeypatch, 2026, born.month, 3)
    assert outcomes(made) == {"birthday-visit": "fits"}
    stop(monkeypatch, 2026 + born.month // 12, born.month % 12 + 1, 3)
    assert outcomes(made) == {}


def test_without_a_service_the_page_says_whom_to_ask(made):
    policy = next(each for each in samples() if each.code == "hospital-visit")
    by_hand = msgspec.structs.replace(policy, code="by-hand", service="")
    services.policies_load(actor=Actor.system(), policies=[by_hand])
    assert "请您所在工会的干部陪您申请" in page_of(made, "by-hand")
