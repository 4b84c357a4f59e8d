"""A pass over everybody leaves one line in the trail; each person's page tells whether it covered her."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.accounts.testing import sign_in
from lianxin.eligibility import services
from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.selectors.looks import crowd_looks_of
from lianxin.eligibility.services import matching
from lianxin.kit import clock
from lianxin.members import api as members
from lianxin.members.api import Member
from lianxin.members.testing import federation
from lianxin.orgs.api import Actor, Organisation

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 7, 22, 2, tzinfo=dt.UTC)


@pytest.fixture
def at(monkeypatch):
    def day(number):
        monkeypatch.setattr(clock, "now", lambda: NOW + dt.timedelta(days=number))

    day(0)
    return day


@pytest.fixture
def made(at):
    policies, _findings = yaml_files.load_folder(yaml_files.DATA / "policies")
    services.policies_load(actor=Actor.system(), policies=policies)
    return federation()


def tell(made, key, **facts):
    for name, value in facts.items():
        members.fact_save(actor=Actor.system(), member_id=made.member_id(key), name=name, value=value, source="dossier")  # fmt: skip


def looks(made, key):
    member = Member.objects.select_related("organisation").get(pk=made.member_id(key))
    return crowd_looks_of(member)


def go(**asked):
    matching.match_go(run=matching.match_begin(**asked))


def test_each_page_tells_what_a_pass_read_of_her(made, at, client, django_assert_max_num_queries):
    for purpose in ("matching", "finance"):
        members.consent_give(actor=made.actor("lin"), purpose=purpose)
    tell(made, "lin", household_income_fen=3_840_000, medical_self_paid_fen=90, insured_months=7)
    at(1)
    go()
    [look] = looks(made, "lin")
    assert {"household_income_fen", "insured_months", "sex"} <= set(look.facts)
    assert "medical_self_paid_fen" not in look.facts  # she said no yes to health
    assert "owns_second_home" not in look.facts  # nobody ever told
    assert looks(made, "zhao") == []  # never agreed
    sign_in(client, made.account("lin"))
    page = client.get("/me/looked/").content.decode()
    assert "机器统一匹配" in page
    assert "家庭" in page
    with django_assert_max_num_queries(12):
        client.get("/me/looked/")
    sign_in(client, made.account("zhao"))
    assert "机器统一匹配" not in client.get("/me/looked/").content.decode()


def test_nights_that_looked_the_same_are_one_line(made, at):
    members.consent_give(actor=made.actor("lin"), purpose="matching")
    for night in (1, 2, 3):
        at(night)
        go()
    at(3.5)
    tell(made, "lin", insured_months=7)
    at(4)
    go()
    newest, before = looks(made, "lin")
    assert (newest.times, before.times) == (1, 3)
    assert "insured_months" in newest.facts
    assert before.first_at.day == 23
    at(4.5)
    members.consent_withdraw(actor=made.actor("lin"), purpose="matching")
    at(5)
    go()
    assert len(looks(made, "lin")) == 2


def test_a_pass_over_another_place_did_not_cover_her_also_after_she_moved(made, at):
    members.consent_give(actor=made.actor("lin"), purpose="matching")
    at(1)
    go(organisation=made.member("zhao").organisation)
    assert looks(made, "lin") == []
    member = Member.objects.select_related("organisation").get(pk=made.member_id("lin"))
    at(2)
    Organisation.objects.update(member_count=9)  # made without counting
    members.member_move(actor=Actor.system(), member=member, organisation=made.member("zhao").organisation)  # fmt: skip
    member.history.model._base_manager.update(
        recorded_at=clock.now()
    )  # history knows only real time
    assert looks(made, "lin") == []
    at(3)
    go(organisation=made.member("zhao").organisation)
    assert [each.times for each in looks(made, "lin")] == [1]
