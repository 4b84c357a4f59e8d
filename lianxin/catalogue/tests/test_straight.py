"""Straight from a policy to the filled-in form; and what was proposed is begun once the case is sent."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.catalogue import services
from lianxin.catalogue.models import Draft
from lianxin.catalogue.testing import begun, filled, offer_of
from lianxin.jobs.testing import settle
from lianxin.members import api as members
from lianxin.notify.testing import letters_to
from lianxin.orgs.api import Actor

STRAIGHT = {"straight": "1"}
NOW = dt.datetime.now(dt.UTC).date()
BEGUN = "工会已经开始办理"


@pytest.fixture
def policies(town):
    call_command("policies_load", verbosity=0)
    return town


def test_one_tap_leads_from_the_policy_to_the_filled_in_form(policies, lin):
    for purpose in ("matching", *_asked("skill-subsidy")):
        members.consent_give(actor=policies.actor("lin"), purpose=purpose)
    page = lin.get("/policies/skill-subsidy/").content.decode()
    door = reverse("catalogue:apply_start", args=["skill-subsidy"])
    assert f'<form method="post" action="{door}"' in page
    for _tap in range(2):
        answer = lin.post(door, STRAIGHT)
        draft = Draft.objects.get()
        assert answer["Location"] == reverse("catalogue:apply_known", args=[draft.pk])


def _asked(code):
    return {*offer_of(code).card.consents, "service"}


def test_what_is_to_be_agreed_to_is_asked_first_and_not_as_a_mistake(policies, lin):
    door = reverse("catalogue:apply_start", args=["skill-subsidy"])
    answer = lin.post(door, STRAIGHT)
    assert answer.status_code == 200
    assert answer.context["form"].asked
    assert not answer.context["form"].is_bound
    assert not Draft.objects.exists()


def test_a_no_leaves_the_way_to_a_person_open(policies, lin):
    members.fact_save(actor=Actor.system(), member_id=policies.member_id("lin"), name="insured_months", value=1, source="dossier")  # fmt: skip
    page = lin.get("/policies/skill-subsidy/").content.decode()
    assert "不在条件内" in page
    assert "仍要申请，由人来审" in page
    assert "去申请；" not in page
    visitor = Client().get("/policies/skill-subsidy/").content.decode()
    assert f'href="{reverse("catalogue:apply_start", args=["skill-subsidy"])}"' in visitor


@pytest.mark.parametrize("code", ["membership-joining", "youth-station-nights", "roll-correction"])
def test_services_with_a_door_of_their_own_are_begun_there(town, lin, code):
    answer = lin.post(reverse("catalogue:apply_start", args=[code]), STRAIGHT)
    assert answer.status_code == 302


def test_what_was_proposed_is_begun_when_the_case_is_sent_not_before(policies, client):
    members.consent_give(actor=policies.actor("lin"), purpose="matching")
    members.fact_save(actor=Actor.system(), member_id=policies.member_id("lin"), name="retires_on", value=NOW + dt.timedelta(days=40), source="dossier")  # fmt: skip
    settle()
    [letter] = [each for each in letters_to(policies.account_id("lin")) if each.kind == "eligibility.proposed"]  # fmt: skip
    proposal = letter.url.split("/")[3]
    sign_in(client, policies.account("wang"))
    answer = client.post(f"/desk/proposals/{proposal}/", {"begin": "1"})
    assert answer["Location"].startswith(f"/desk/help/{policies.member_id('lin')}/humane-care/")
    own = Client()
    sign_in(own, policies.account("lin"), second_factor=False)
    assert BEGUN not in own.get(letter.url).content.decode()
    draft = begun(policies.actor("wang"), "humane-care", person_id=policies.member_id("lin"))
    filled(policies.actor("wang"), draft)
    services.draft_send(actor=policies.actor("wang"), draft_id=draft.pk, version_id=offer_of("humane-care").version_id)  # fmt: skip
    settle()
    page = own.get(letter.url).content.decode()
    assert BEGUN in page
    assert 'value="no"' in page  # put forward by her officer: her no is passed on


def test_her_no_to_what_her_officer_sent_from_her_page_reaches_the_officer(policies, client):
    members.consent_give(actor=policies.actor("lin"), purpose="matching")
    members.fact_save(actor=Actor.system(), member_id=policies.member_id("lin"), name="retires_on", value=NOW + dt.timedelta(days=40), source="dossier")  # fmt: skip
    settle()
    [letter] = [each for each in letters_to(policies.account_id("lin")) if each.kind == "eligibility.proposed"]  # fmt: skip
    draft = begun(policies.actor("wang"), "humane-care", person_id=policies.member_id("lin"))
    filled(policies.actor("wang"), draft)
    services.draft_send(actor=policies.actor("wang"), draft_id=draft.pk, version_id=offer_of("humane-care").version_id)  # fmt: skip
    settle()
    sign_in(client, policies.account("lin"), second_factor=False)
    client.post(f"{letter.url}answer/", {"answer": "no"})
    assert "eligibility.refused" in [each.kind for each in letters_to(policies.account_id("wang"))]
