"""Told once a year: what is given every year comes back in the next, nothing comes twice in one."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps

from lianxin.eligibility import services
from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.models import Outcome, PolicyVersion, Proposal, Telling
from lianxin.eligibility.services import matching
from lianxin.kit import clock
from lianxin.kit.workdays import SHANGHAI
from lianxin.members import api as members
from lianxin.members.api import Person, privacy_erase, privacy_export
from lianxin.members.testing import federation
from lianxin.notify.testing import letters_to
from lianxin.orgs.api import Actor

pytestmark = pytest.mark.django_db(transaction=True)
CODES = {"winter-visit", "hardship-sudden", "skill-subsidy", "retirement-visit", "technician-award"}
CERTIFICATE = {"skill_level": "4", "certificate_on": dt.date(2026, 4, 10), "insured_months": 40}


@pytest.fixture
def at(monkeypatch):
    def moment(year, month, day, hour=10):
        there = dt.datetime(year, month, day, hour, tzinfo=SHANGHAI)
        monkeypatch.setattr(clock, "now", lambda: there)

    moment(2026, 7, 22)
    return moment


@pytest.fixture
def made(at):
    found, _findings = yaml_files.load_folder(yaml_files.DATA / "policies")
    services.policies_load(actor=Actor.system(), policies=[each for each in found if each.code in CODES])  # fmt: skip
    made = federation()
    for purpose in ("matching", "finance", "health"):
        members.consent_give(actor=made.actor("lin"), purpose=purpose)
    return made


def tell(made, **facts):
    for name, value in facts.items():
        members.fact_save(actor=Actor.system(), member_id=made.member_id("lin"), name=name, value=value, source="dossier")  # fmt: skip


def alone(made):
    services.outcomes_recompute(member_id=made.member_id("lin"))


def among_all(_made):
    matching.match_go(run=matching.match_begin())


def letters(made, kind):
    return [each for each in letters_to(made.account_id("lin")) if each.kind == kind]


BOTH = pytest.mark.parametrize("look", [alone, among_all])


@BOTH
def test_a_winter_visit_is_proposed_every_winter(made, at, look):
    tell(made, minimum_living_allowance=True)
    assert list(Proposal.objects.values_list("policy__code", "year")) == [("winter-visit", 2026)]
    at(2026, 12, 31, 23)
    look(made)
    assert Proposal.objects.count() == 1
    at(2027, 1, 1, 0)
    for _night in range(2):
        look(made)
    tell(made, minimum_living_allowance=True)
    assert set(Proposal.objects.values_list("policy__code", "year")) == {("winter-visit", 2026), ("winter-visit", 2027)}  # fmt: skip
    assert len(letters(made, "eligibility.proposed")) == 2
    told_at = Outcome.objects.get(policy__code="winter-visit").told_at
    assert told_at is not None
    assert told_at.astimezone(SHANGHAI).year == 2027


@BOTH
def test_what_is_given_once_is_told_once_whatever_the_year(made, at, look):
    tell(made, skill_subsidy_granted_for_it=False, **CERTIFICATE)
    assert len(letters(made, "eligibility.found")) == 1
    at(2027, 1, 3)
    for _night in range(2):
        look(made)
    assert Outcome.objects.get(policy__code="skill-subsidy").state == "fits"
    assert len(letters(made, "eligibility.found")) == 1


@BOTH
def test_lost_and_regained_beside_another_it_is_not_told_again_this_year(made, look):
    tell(made, skill_subsidy_granted_for_it=False, **CERTIFICATE)
    [first] = letters(made, "eligibility.found")
    tell(made, insured_months=3)
    assert not Outcome.objects.filter(policy__code="skill-subsidy").exists()
    Outcome.objects.all().delete()
    tell(made, sudden_loss_fen=9_000_000, household_income_fen=1_000_000, household_size=3, rigid_expense_fen=500_000, owns_second_home=False)  # fmt: skip
    before = {each.title for each in letters(made, "eligibility.found")}
    newer = len(letters(made, "eligibility.found"))
    Outcome.objects.all().delete()
    tell(made, insured_months=41)
    look(made)
    assert Outcome.objects.get(policy__code="skill-subsidy").state == "fits"
    assert len(letters(made, "eligibility.found")) == newer
    assert before
    assert first.url == "/policies/skill-subsidy/"


def test_however_many_at_once_each_is_remembered(made):
    """A hundred codes in one message: none of them is swallowed, none is told again."""
    base = PolicyVersion.objects.get(code="skill-subsidy")
    for number in range(12):
        code = f"a-policy-with-a-rather-long-name-{number:02}"
        PolicyVersion.objects.create(code=code, version=1, region="JZ", digest=code, content={**base.content, "code": code}, purpose="skills", valid_from=base.valid_from)  # fmt: skip
    tell(made, skill_subsidy_granted_for_it=False, **CERTIFICATE)
    assert len(letters(made, "eligibility.found")) == 1
    assert Telling.objects.filter(code__startswith="a-policy").count() == 12
    Outcome.objects.filter(policy__code="a-policy-with-a-rather-long-name-11").delete()
    alone(made)
    assert len(letters(made, "eligibility.found")) == 1


def test_what_was_told_before_it_was_remembered_counts_for_its_year_here(made, at):
    """At two in the morning of New Year's Day the old year still runs in UTC."""
    at(2027, 1, 1, 2)
    tell(made, skill_subsidy_granted_for_it=False, **CERTIFICATE)
    Telling.objects.all().delete()
    import_module("lianxin.eligibility.migrations.0004_telling").told_so_far(apps, None)
    assert list(Telling.objects.values_list("code", "year")) == [("skill-subsidy", 2027)]


def test_she_takes_along_what_was_told_and_it_goes_with_her(made):
    tell(made, skill_subsidy_granted_for_it=False, **CERTIFICATE)
    person = Person(account_id=made.account_id("lin"), member_id=made.member_id("lin"))
    part = next(each for each in privacy_export if "eligibility.Telling" in each.tables)
    assert {"policy": "skill-subsidy", "year": 2026} in part.read(person)["told"]
    next(each for each in privacy_erase if "eligibility.Telling" in each.tables).erase(person)
    assert not Telling.objects.exists()
