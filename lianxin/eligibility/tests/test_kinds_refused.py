"""“Do not look”: of that kind nothing is asked, read or counted, by one look or by a pass over all."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.eligibility import services
from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.adapters.polars_everyone import PolarsFinder
from lianxin.eligibility.models import MatchPartition, Outcome
from lianxin.eligibility.selectors import answers
from lianxin.eligibility.services import matching
from lianxin.kit import clock
from lianxin.members import api as members
from lianxin.members.testing import federation
from lianxin.orgs.api import Actor

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 7, 22, 2, tzinfo=dt.UTC)
FAMILY = {"household_income_fen": 3_840_000, "rigid_expense_fen": 1_420_000, "household_size": 4, "owns_second_home": False}  # fmt: skip
CERTIFICATE = {"skill_level": "4", "certificate_on": dt.date(2026, 4, 10), "insured_months": 40, "skill_subsidy_granted_for_it": False}  # fmt: skip


@pytest.fixture
def made(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    found, _findings = yaml_files.load_folder(yaml_files.DATA / "policies")
    chosen = [each for each in found if each.code in {"hardship-deep", "skill-subsidy"}]
    services.policies_load(actor=Actor.system(), policies=chosen)
    made = federation()
    for key in ("lin", "wang"):
        for purpose in ("matching", "finance"):
            members.consent_give(actor=made.actor(key), purpose=purpose)
        for name, value in (FAMILY | CERTIFICATE).items():
            members.fact_save(actor=Actor.system(), member_id=made.member_id(key), name=name, value=value, source="dossier")  # fmt: skip
    services.look_refuse(actor=made.actor("lin"), purpose="hardship")
    monkeypatch.setattr(clock, "now", lambda: NOW + dt.timedelta(hours=1))
    return made


def counted():
    whole = [0, 0, 0, 0, 0]
    for counts in MatchPartition.objects.values_list("counts", flat=True):
        for numbers in counts.values():
            whole = [one + other for one, other in zip(whole, numbers, strict=True)]
    return whole


class Noted(PolarsFinder):
    """The engine, and what went in and came out."""

    def __init__(self):
        self.incomes, self.rows = [], []

    def keep(self, workspace, name, columns, unions, without=()):
        self.incomes.extend(columns["household_income_fen"])
        super().keep(workspace, name, columns, unions, without)

    def find(self, workspace, names, policies, as_of):
        for name, found in super().find(workspace, names, policies, as_of):
            self.rows.extend(policies[at].code for _number, at, _verdict in found.rows)
            yield name, found


def test_a_pass_neither_reads_nor_finds_nor_counts_what_she_refused(made):
    engine = Noted()
    matching.match_go(run=matching.match_begin(), finder=engine)
    assert sorted(engine.rows) == ["hardship-deep", "skill-subsidy", "skill-subsidy"]
    assert sorted(engine.incomes, key=str) == [3_840_000, None]
    people, *numbers = counted()
    assert (people, sorted(numbers)) == (2, [0, 0, 1, 2])
    wang = Outcome.objects.get(policy__code="hardship-deep")
    assert wang.member_id == made.member_id("wang")


def test_one_look_does_not_read_for_what_she_refused(made, monkeypatch):
    read = []
    whole = answers.knowledge_of

    def noted(member, **asked):
        read.extend(asked["names"])
        return whole(member, **asked)

    monkeypatch.setattr(answers, "knowledge_of", noted)
    services.outcomes_recompute(member_id=made.member_id("lin"))
    assert "insured_months" in read
    assert "household_income_fen" not in read
    found = Outcome.objects.filter(member=made.member("lin"))
    assert list(found.values_list("policy__code", flat=True)) == ["skill-subsidy"]
