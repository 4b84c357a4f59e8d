"""What a county says of its own takes the place of what its city says: found, shown, counted, told once."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from django.test import Client

from lianxin.accounts.testing import sign_in
from lianxin.eligibility import services
from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.models import MatchPartition, Outcome, PolicyVersion
from lianxin.eligibility.selectors import shelf
from lianxin.eligibility.services import matching
from lianxin.kit import clock
from lianxin.members import api as members
from lianxin.members.testing import federation
from lianxin.notify.testing import letters_to
from lianxin.orgs.api import Actor

pytestmark = pytest.mark.django_db(transaction=True)
NOW = dt.datetime(2026, 7, 22, 2, tzinfo=dt.UTC)
TODAY = dt.date(2026, 7, 22)
CERTIFICATE = {"skill_level": "4", "certificate_on": dt.date(2026, 4, 10), "insured_months": 40, "skill_subsidy_granted_for_it": False}  # fmt: skip


@pytest.fixture
def policy():
    found, _findings = yaml_files.load_folder(yaml_files.DATA / "policies")
    return next(each for each in found if each.code == "skill-subsidy")


def stricter(policy, **changes):
    return msgspec.structs.replace(policy, region="JZ-JL", rule=policy.rule.replace(">= 12", ">= 60"), **changes)  # fmt: skip


@pytest.fixture
def made(monkeypatch, policy):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    services.policies_load(actor=Actor.system(), policies=[policy, stricter(policy)])
    made = federation()
    for key in ("lin", "zhao"):
        members.consent_give(actor=made.actor(key), purpose="matching")
        for name, value in CERTIFICATE.items():
            members.fact_save(actor=Actor.system(), member_id=made.member_id(key), name=name, value=value, source="dossier")  # fmt: skip
    return made


def found(made):
    rows = Outcome.objects.values_list("member_id", "policy__region", "state")
    keys = {made.member_id(key): key for key in ("lin", "zhao")}
    return {(keys[member], region, state) for member, region, state in rows}


def test_lin_has_the_county_s_no_and_zhao_the_city_s_yes(made):
    assert made.member("lin").organisation.code.startswith("JZ-JL-")
    assert not made.member("zhao").organisation.code.startswith("JZ-JL-")
    assert found(made) == {("zhao", "JZ", "fits")}
    assert letters_to(made.account_id("lin")) == []
    client = Client()
    sign_in(client, made.account("lin"))
    assert "不在条件内" in client.get("/policies/skill-subsidy/").content.decode()
    members.fact_save(actor=Actor.system(), member_id=made.member_id("lin"), name="insured_months", value=70, source="dossier")  # fmt: skip
    assert found(made) == {("zhao", "JZ", "fits"), ("lin", "JZ-JL", "fits")}
    assert len(letters_to(made.account_id("lin"))) == 1


def test_a_pass_over_all_finds_and_counts_the_same(made, monkeypatch):
    alone = found(made)
    monkeypatch.setattr(clock, "now", lambda: NOW + dt.timedelta(hours=1))
    Outcome.objects.create(member=made.member("lin"), policy=PolicyVersion.objects.get(region="JZ"), state="fits", as_of=TODAY)  # fmt: skip
    matching.match_go(run=matching.match_begin())
    assert found(made) == alone
    counts = [numbers for each in MatchPartition.objects.values_list("counts", flat=True) for numbers in each.values()]  # fmt: skip
    assert sum(sum(numbers[1:]) for numbers in counts) == 1  # Zhao’s yes; Lin counts in neither


def test_the_city_holds_again_once_the_county_s_is_over(made, policy):
    PolicyVersion.objects.update(loaded_at=NOW)
    PolicyVersion.objects.filter(region="JZ-JL").update(valid_until=dt.date(2026, 7, 31))
    later = dt.date(2026, 8, 1)
    assert shelf.one_in_force("skill-subsidy", TODAY, "JZ-JL-BC-001").policy.region == "JZ-JL"
    assert shelf.one_in_force("skill-subsidy", later, "JZ-JL-BC-001").policy.region == "JZ"
    assert shelf.version_then("skill-subsidy", "JZ-JL-BC-001", TODAY).region == "JZ-JL"
    assert shelf.version_then("skill-subsidy", "JZ-JL-BC-001", later).region == "JZ"
    assert [each.policy.region for each in shelf.of_place(TODAY, None)] == ["JZ"]


def test_a_visitor_says_where_she_works(made):
    client = Client()
    assert "嘉岭区总工会" in client.get("/check/").content.decode()
    city = client.post("/policies/skill-subsidy/if/", {"certificate_level": "4", "certificate_on": "2026-04-10", "insured_months": "40", "skill_subsidy_granted_for_it": "no"})  # fmt: skip
    assert "符合条件" in city.content.decode()
    county = client.post("/policies/skill-subsidy/if/", {"place": "JZ-JL", "insured_months": "40"})
    assert "不在条件内" in county.content.decode()
    assert client.get("/policies/?place=nowhere").status_code == 200
