"""What need not be applied for: told first, refused with one tap, done by a person."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from lianxin.accounts.testing import sign_in
from lianxin.audit.api import openings_of
from lianxin.eligibility import services
from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.models import MatchCount, Outcome, Proposal
from lianxin.eligibility.services import matching
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.members import api as members
from lianxin.members.testing import federation
from lianxin.notify.testing import letters_to
from lianxin.orgs.api import Actor

pytestmark = pytest.mark.django_db(transaction=True)
NOW = dt.datetime(2026, 7, 22, 2, tzinfo=dt.UTC)
RETIRES = {"retires_on": dt.date(2026, 9, 30)}
BORN = {"child_born_on": dt.date(2026, 5, 20)}


@pytest.fixture
def made(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    policies, _findings = yaml_files.load_folder(yaml_files.DATA / "policies")
    chosen = [each for each in policies if each.code in {"retirement-visit", "birth-visit", "bereavement-visit"}]  # fmt: skip
    services.policies_load(actor=Actor.system(), policies=chosen)
    return federation()


def tell(made, key, **facts):
    for purpose in ("matching", "child"):
        members.consent_give(actor=made.actor(key), purpose=purpose, guardian_name="林秀英")
    for name, value in facts.items():
        members.fact_save(actor=Actor.system(), member_id=made.member_id(key), name=name, value=value, source="dossier")  # fmt: skip


def proposal(made, key="lin"):
    return Proposal.objects.get(member=made.member(key))


def days_later(monkeypatch, days=7):
    monkeypatch.setattr(clock, "now", lambda: NOW + dt.timedelta(days=days))


def listed(made, client, key="wang"):
    client = type(client)()  # a session of its own day
    sign_in(client, made.account(key))
    return client.get("/desk/proposals/")


def test_she_is_told_first_and_her_officer_sees_the_reason(made, client):
    tell(made, "lin", **RETIRES)
    letter = next(each for each in letters_to(made.account_id("lin")) if each.kind == "eligibility.proposed")  # fmt: skip
    assert letter.url == f"/found/proposals/{proposal(made).pk}/"
    page = listed(made, client).content.decode()
    assert made.member("lin").name in page
    assert "您即将退休" in page
    sign_in(client, made.account("lin"))
    own = client.get(letter.url).content.decode()
    assert "第二十四条" in own
    assert "不用" in own


def test_who_said_no_is_left_in_peace(made, client):
    tell(made, "lin", **RETIRES)
    address = f"/found/proposals/{proposal(made).pk}/answer/"
    sign_in(client, made.account("lin"))
    for _tapped_twice in range(2):
        assert client.post(address, {"answer": "no"}, follow=True).status_code == 200
    assert proposal(made).state == "refused"
    assert made.member("lin").name not in listed(made, client).content.decode()
    with pytest.raises(RefusedError):
        services.proposal_begin(actor=made.actor("wang"), proposal_id=proposal(made).pk)
    services.outcomes_recompute(member_id=made.member_id("lin"))
    Outcome.objects.all().delete()
    services.outcomes_recompute(member_id=made.member_id("lin"))
    assert proposal(made).state == "refused"
    assert len([each for each in letters_to(made.account_id("lin")) if each.kind == "eligibility.proposed"]) == 1  # fmt: skip
    sign_in(client, made.account("lin"))
    client.post(address, {"answer": "yes"})
    assert proposal(made).state == "wished"


def test_what_rests_on_sealed_facts_waits_for_her_no_and_leaves_a_trace(made, client, monkeypatch):
    tell(made, "lin", **BORN)
    assert proposal(made).is_sensitive
    assert made.member("lin").name not in listed(made, client).content.decode()
    with pytest.raises(ForbiddenError):
        services.proposal_begin(actor=made.actor("wang"), proposal_id=proposal(made).pk)
    days_later(monkeypatch)
    traces = openings_of(made.account_id("lin")).filter(purpose="eligibility.proposed")
    assert not traces.exists()
    for _looked_twice in range(2):
        assert made.member("lin").name in listed(made, client).content.decode()
    assert traces.count() == 1
    assert traces[0].actor_id == made.account_id("wang")


def test_her_yes_shows_it_at_once(made, client):
    tell(made, "lin", **BORN)
    services.proposal_answer(actor=made.actor("lin"), proposal_id=proposal(made).pk, is_wished=True)
    assert made.member("lin").name in listed(made, client).content.decode()


def test_an_officer_invites_or_begins_at_the_door_of_the_service(made, client):
    tell(made, "lin", **RETIRES)
    found = proposal(made)
    sign_in(client, made.account("wang"))
    for _twice in range(2):
        assert client.post(f"/desk/proposals/{found.pk}/", {"invite": "1"}).status_code == 302
    letters = letters_to(made.account_id("lin"))
    assert len([each for each in letters if each.kind == "eligibility.invited"]) == 1
    answer = client.post(f"/desk/proposals/{found.pk}/", {"begin": "1"}, follow=True)
    assert (
        "现在没有开放" in answer.content.decode()
    )  # no such service on this shelf: said, not silent
    assert proposal(made).state == "invited"
    assert proposal(made).acted_by == made.account_id("wang")
    services.proposal_answer(actor=made.actor("lin"), proposal_id=found.pk, is_wished=False)
    assert proposal(made).state == "refused"


def follow(made, *, by="lin", dossier_id=None):
    return services.proposal_follow(member_id=made.member_id("lin"), service="humane-care", dossier_id=dossier_id or uuid.uuid4(), applicant_id=made.account_id(by))  # fmt: skip


def test_it_is_begun_once_a_case_was_sent_and_her_no_goes_where_it_helps(made, client):
    tell(made, "lin", **RETIRES)
    sign_in(client, made.account("wang"))
    client.post(f"/desk/proposals/{proposal(made).pk}/", {"begin": "1"})
    for _delivered_twice in range(2):
        follow(made, dossier_id=made.member_id("zhao"))
    assert proposal(made).state == "begun"
    with pytest.raises(RefusedError):
        services.proposal_answer(actor=made.actor("lin"), proposal_id=proposal(made).pk, is_wished=False)  # fmt: skip
    Proposal.objects.update(is_own_case=False)
    sign_in(client, made.account("lin"))
    own = client.get(f"/found/proposals/{proposal(made).pk}/").content.decode()
    assert 'value="no"' in own
    for _tap in range(2):
        client.post(f"/found/proposals/{proposal(made).pk}/answer/", {"answer": "no"})
    assert proposal(made).state == "refused"
    assert [each.kind for each in letters_to(made.account_id("wang"))].count("eligibility.refused") == 1  # fmt: skip
    assert follow(made) is None


@pytest.mark.parametrize("invited_first", [False, True])
def test_her_no_reaches_whoever_sent_the_case(made, invited_first):
    """Also where she began from the member's page, or a colleague had invited."""
    tell(made, "lin", **RETIRES)
    if invited_first:
        services.proposal_invite(actor=made.actor("wang"), proposal_id=proposal(made).pk)
    follow(made, by="guo")
    services.proposal_answer(actor=made.actor("lin"), proposal_id=proposal(made).pk, is_wished=False)  # fmt: skip
    heard = {key for key in ("wang", "guo") if "eligibility.refused" in [each.kind for each in letters_to(made.account_id(key))]}  # fmt: skip
    assert heard == {"guo"}


def test_of_two_grounds_for_one_service_the_one_taken_up_is_begun(made):
    tell(made, "lin", **BORN, **RETIRES)
    rows = {each.policy.code: each for each in Proposal.objects.select_related("policy")}
    assert set(rows) == {"retirement-visit", "birth-visit"}
    assert follow(made) is None
    services.proposal_begin(actor=made.actor("wang"), proposal_id=rows["retirement-visit"].pk)
    assert follow(made).policy.code == "retirement-visit"
    assert follow(made).policy.code == "birth-visit"
    assert follow(made) is None


def test_nobody_else_sees_or_answers_it(made, client):
    tell(made, "lin", **RETIRES)
    found = proposal(made)
    for key in ("zhao", "wang"):
        sign_in(client, made.account(key))
        assert client.get(f"/found/proposals/{found.pk}/").status_code == 404
        assert client.post(f"/found/proposals/{found.pk}/answer/", {"answer": "no"}).status_code == 404  # fmt: skip
    sign_in(client, made.account("zhao"))
    assert client.get("/desk/proposals/").status_code == 403
    assert client.post(f"/desk/proposals/{found.pk}/", {"begin": "1"}).status_code == 403
    with pytest.raises(ForbiddenError):
        services.proposal_begin(actor=made.actor("lin"), proposal_id=found.pk)
    sign_in(client, made.account("wang"))
    assert client.get(f"/desk/proposals/{found.pk}/").status_code == 405
    assert proposal(made).state == "open"


def test_an_officer_never_acts_on_what_is_proposed_for_herself(made, client):
    tell(made, "wang", **RETIRES)
    assert made.member("wang").name not in listed(made, client).content.decode().partition("<main")[2]  # fmt: skip
    with pytest.raises(ForbiddenError):
        services.proposal_begin(actor=made.actor("wang"), proposal_id=proposal(made, "wang").pk)


def test_what_no_longer_fits_leaves_the_list(made, client):
    tell(made, "lin", **RETIRES)
    tell(made, "lin", retires_on=dt.date(2020, 1, 1))
    assert made.member("lin").name not in listed(made, client).content.decode()


def test_a_pass_over_everybody_proposes_as_well(made, monkeypatch):
    tell(made, "lin", **RETIRES)
    Proposal.objects.all().delete()
    Outcome.objects.all().delete()
    monkeypatch.setattr(clock, "now", lambda: NOW + dt.timedelta(hours=1))
    matching.match_go(run=matching.match_begin())
    assert proposal(made).policy.code == "retirement-visit"


def test_the_list_stays_within_its_queries(made, client, django_assert_max_num_queries):
    for key in ("lin", "wang"):
        tell(made, key, **RETIRES)
    listed(made, client)
    with django_assert_max_num_queries(12):
        client.get("/desk/proposals/?policy=retirement-visit")


def test_counts_of_a_union_are_shown_to_those_who_may_list_its_members(made, client):
    tell(made, "lin", **RETIRES)
    matching.match_go(run=matching.match_begin())
    assert MatchCount.objects.exists()
    sign_in(client, made.account("wang"))
    page = client.get("/desk/policies/counts/")
    assert "退休慰问" in page.content.decode()
    assert client.get("/desk/policies/counts/?union=nowhere").status_code == 404
    sign_in(client, made.account("lin"))
    assert client.get("/desk/policies/counts/").status_code == 403
