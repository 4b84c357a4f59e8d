"""What policies promise and what services give are one thing, and a grant closes the loop between them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.catalogue.selectors.filling import contents_of
from lianxin.catalogue.selectors.shelf import shelf
from lianxin.catalogue.testing import applied, begun, told
from lianxin.eligibility.api import Outcome, outcomes_recompute
from lianxin.eligibility.testing import samples
from lianxin.jobs.testing import settle
from lianxin.kit import clock
from lianxin.kit.money import yuan
from lianxin.members.api import consent_give, fact_entry
from lianxin.procedures.testing import walk_dossier

STUDENT = {"name": "林小溪", "birth_on": "2008-05-01", "school": "嘉州大学", "stage": "university"}


@pytest.fixture
def july(town, monkeypatch):
    """A day on which each sample but those of the summer holds, and those too."""
    monkeypatch.setattr(clock, "now", lambda: dt.datetime(2026, 7, 22, 2, tzinfo=dt.UTC))
    call_command("policies_load", verbosity=0)
    for purpose in ("matching", "service", "finance", "child", "health", "notices"):
        consent_give(actor=town.actor("lin"), purpose=purpose, guardian_name="林晓梅")
    return town


def state_of(town, code):
    outcomes_recompute(member_id=town.member_id("lin"))
    row = Outcome.objects.filter(member=town.member("lin"), policy__code=code).first()
    return row.state if row else ""


def tell(town, **facts):
    for name, value in facts.items():
        told(town.actor("lin"), name, value)


@pytest.mark.parametrize(
    ("policy", "service", "facts", "typed"),
    [
        (
            "education-subsidy", "education-subsidy",
            {"diploma_on": dt.date(2026, 6, 1), "diploma": "bachelor", "is_front_line": True, "contract_months": 26,
             "education_subsidy_granted": False},
            {},
        ),
        (
            "skill-subsidy", "skill-subsidy",
            {"skill_level": "4", "certificate_on": dt.date(2026, 4, 10), "insured_months": 40,
             "skill_subsidy_granted_for_it": False},
            {},
        ),
        (
            "technician-award", "skill-subsidy",
            {"skill_level": "2", "certificate_on": dt.date(2026, 4, 10), "skill_subsidy_granted_for_it": False},
            {},
        ),
        (
            "school-aid-edge", "school-aid",
            {"household_income_fen": 3_840_000, "rigid_expense_fen": 1_420_000, "household_size": 3,
             "children": [STUDENT], "child_school_is_private_high_fee": False, "school_aid_granted_this_year": False},
            {"tier": "none"},
        ),
    ],
)  # fmt: skip
def test_what_was_granted_no_longer_fits(july, policy, service, facts, typed):
    """Some seconds each: an application walks all its steps, from what is known to the money."""
    tell(july, **facts)
    assert state_of(july, policy) == "fits"
    dossier = applied(july.actor("lin"), service, typed=typed)
    settle()
    assert state_of(july, policy) == "fits"
    walk_dossier(dossier)
    settle()
    assert state_of(july, policy) == ""


def test_every_policy_opens_a_service_that_is_on_the_shelf(july):
    offers = shelf().offers
    assert [each.code for each in samples() if each.service not in offers] == []


def _sums(policy):
    return {each.amount_fen for each in policy.examples if each.amount_fen}


@pytest.mark.parametrize("policy", samples(), ids=lambda each: each.code)
def test_a_policy_promises_what_its_service_gives(july, policy):
    offer = shelf().offers[policy.service]
    gives, sums = offer.definition.gives, _sums(policy)
    if not policy.gives.amount:
        assert gives.kind != "money"
        return
    assert sums
    if gives.amount_fen:
        assert sums == {gives.amount_fen}
    elif gives.amount_by:
        assert sums <= set(gives.amounts_fen.values())
        said = {lang: " ".join(getattr(line, lang) for line in offer.card.guide.gets) for lang in ("en", "zh_Hans")}  # fmt: skip
        for fen in sums:
            assert f"{fen // 100:,}" in said["en"]
            assert str(fen // 100) in said["zh_Hans"]
    else:
        income = offer.definition.income
        tiers = [*income.tiers, income.sudden_tier] if income else []
        most = max((each.max_fen for each in tiers), default=gives.max_fen)
        assert max(sums) <= (policy.gives.cap_fen or most) <= most, yuan(most)


def test_a_humane_policy_gives_what_its_occasion_gives(july):
    occasions = {
        "wedding-visit": "marriage", "birth-visit": "birth", "hospital-visit": "hospital",
        "retirement-visit": "retirement", "bereavement-visit": "bereavement", "birthday-visit": "birthday",
        "heat-relief": "heat", "winter-visit": "winter",
    }  # fmt: skip
    gives = shelf().offers["humane-care"].definition.gives
    humane = {each.code: each for each in samples() if each.service == "humane-care"}
    assert set(humane) == set(occasions)
    for code, policy in humane.items():
        assert _sums(policy) == {gives.amounts_fen[occasions[code]]}, code
        assert policy.proposed, code


# Fields that ask under another name what the union knows; all else that is known has its own name.
FILLED = {
    "skill-subsidy": {"level": "4"},
    "education-subsidy": {"degree": "bachelor", "graduated_on": "2026-06-01"},
    "temporary-relief": {"loss": 3_500_000},
    "youth-station-nights": {"graduated_on": "2025-06-30"},
    "rent-subsidy": {"rent": 120_000, "own_income": 310_000},
    "hospital-days": {"days": 9},
    "disability-support": {"level": "3"},
    "model-worker-care": {"level": "province"},
    "graduate-settling": {"graduated_on": "2025-06-30", "contract_months": 26},
    "toddler-care": {"household_size": 3},
}
KNOWN = {
    "skill_level": "4", "education": "bachelor", "diploma_on": dt.date(2026, 6, 1), "sudden_loss_fen": 3_500_000,
    "graduated_on": dt.date(2025, 6, 30), "pays_rent_fen": 120_000, "own_income_fen": 310_000, "hospital_days": 9,
    "disability_level": "3", "model_worker": "province", "contract_months": 26, "household_size": 3,
}  # fmt: skip


def test_what_is_known_is_filled_into_what_policies_open(july):
    tell(july, **KNOWN)
    for code, filled in FILLED.items():
        if code != "youth-station-nights":  # begins with nights that are held
            known = contents(begun(july.actor("lin"), code))
            assert {name: known.get(name) for name in filled} == filled, code
        fields = {one.code: one for one in shelf().offers[code].definition.fields}
        assert all(fields[name].prefill for name in filled), code


def contents(draft):
    return contents_of(draft)["known"]


# Named alike, yet another question: whether this very claim is a migrant worker's for pay or an injury.
ANOTHER = {"legal-aid.is_migrant"}


def test_a_field_named_like_a_fact_is_filled_from_it(july):
    for code in {each.service for each in samples()}:
        for one in shelf().offers[code].definition.fields:
            if fact_entry(one.code) is not None and one.kind != "lines":
                assert one.prefill or f"{code}.{one.code}" in ANOTHER, f"{code}.{one.code}"


def test_what_she_may_not_change_leads_to_who_can(july):
    """The day of birth is put right by a case, the hardship file by applying, never by a dead end."""
    client = Client()
    sign_in(client, july.account("lin"))
    page = client.get("/policies/women-check/").content.decode()
    assert reverse("catalogue:correct", args=["id_number"]) in page
    page = client.get("/policies/temporary-relief/").content.decode()
    assert reverse("catalogue:service_page", args=["hardship-file"]) in page
    for page_code in ("women-check", "temporary-relief", "retirement-visit", "birthday-visit"):
        page = client.get(f"/policies/{page_code}/").content.decode()
        for name in ("birth_on", "sex", "union_joined_on", "hardship_tier"):
            assert f"/me/facts/{name}/" not in page
