"""What an amount is reckoned from is asked for as well, also where the rule does not need it."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from django.utils import translation

from lianxin.accounts.testing import sign_in
from lianxin.eligibility import services
from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.rules.policy import Policy
from lianxin.eligibility.selectors import answers, expressions, shelf
from lianxin.kit import clock
from lianxin.members import api as members
from lianxin.members.testing import federation
from lianxin.orgs.api import Actor

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 7, 22, 2, tzinfo=dt.UTC)


@pytest.fixture
def made(monkeypatch):
    """A policy for every member that pays half her rent."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    policy, _findings = yaml_files.load(yaml_files.DATA / "policies" / "women-check-2026.yaml")
    assert policy is not None
    plain = msgspec.to_builtins(policy)
    plain |= {"code": "half-the-rent", "rule": "is_member", "conditions": plain["conditions"][:1], "papers": []}  # fmt: skip
    plain["gives"] |= {"amount": "pays_rent_fen / 2", "cap_fen": 0}
    services.policies_load(actor=Actor.system(), policies=[msgspec.convert(plain, Policy)])
    with translation.override("en"):
        yield federation()


def pays(made, fen):
    members.consent_give(actor=made.actor("lin"), purpose="matching")
    members.fact_save(actor=Actor.system(), member_id=made.member_id("lin"), name="pays_rent_fen", value=fen, source="dossier")  # fmt: skip


def test_a_worker_gets_the_amount_that_follows_from_what_she_told(made, client):
    pays(made, 90_000)
    found, _knowledge = answers.explain_for(made.member("lin"), actor_id=None)
    assert [each.amount_fen for each in found] == [45_000]
    sign_in(client, made.account("lin"))
    assert "450" in client.get("/policies/half-the-rent/").content.decode()


def test_what_is_missing_for_the_amount_is_named(made, client):
    sign_in(client, made.account("lin"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = client.get("/policies/half-the-rent/").content.decode()
    assert "It fits you" in page
    assert "How much depends on: Monthly rent" in page


def test_the_check_asks_for_it_after_all_that_settles_whether(made, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    first = client.get("/check/").content.decode()
    assert 'name="asked" value="is_member"' in first
    then = client.post("/check/", {"asked": "is_member", "is_member": "yes"}).content.decode()
    assert 'name="asked" value="pays_rent_fen"' in then
    assert "This matters for 1 kind of help." in then
    last = client.post("/check/", {"is_member": "yes", "asked": "pays_rent_fen", "pays_rent_fen": "900"}).content.decode()  # fmt: skip
    assert "450" in last


def test_the_editor_asks_for_it_where_a_draft_is_tried():
    typed = {"rule": "is_member", "gives": {"amount": "pays_rent_fen / 2"}, "granted": "hardship_tier = 'deep'", "granted_on": "diploma_on"}  # fmt: skip
    assert expressions.names_asked(typed) == ["is_member", "pays_rent_fen", "hardship_tier", "diploma_on"]  # fmt: skip


def test_a_policy_asks_for_each_fact_once(made):
    (ready,) = shelf.in_force(NOW.date())
    assert answers.asked_by([ready, ready]) == ["is_member", "pays_rent_fen"]
