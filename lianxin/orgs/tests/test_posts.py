"""Terms, deputies, the second person, and the three separated administrators."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.audit.api import AuditRow
from lianxin.jobs.testing import settle
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.testing import stopped_clock
from lianxin.notify.testing import letters_to
from lianxin.orgs import services
from lianxin.orgs.models import Post, PostProposal
from lianxin.orgs.rules import (
    ABILITIES,
    ADMINISTRATORS,
    AT_DESK,
    PERSONAL,
    Ability,
    Actor,
    Reach,
    Role,
    go_together,
    is_sensitive,
    overlap,
    told_before,
)
from lianxin.orgs.selectors import seats_at
from lianxin.orgs.testing import post_make, tree

DAY = dt.timedelta(days=1)


@pytest.fixture
def made(db):
    return tree()


def _given(made: Any, **more: Any) -> dict[str, Any]:
    return {
        "account_id": made.account_id("lin"),
        "organisation": made.organisation("jialing"),
        "role": Role.FINANCE,
        **more,
    }


def test_none_of_the_three_administrators_sees_what_is_known_of_members():
    for role in ADMINISTRATORS:
        assert not ABILITIES[role] & PERSONAL


@given(st.sampled_from(Role), st.sets(st.sampled_from(Role), max_size=4))
def test_no_account_is_two_of_the_three_or_one_and_an_officer(role, others):
    ok = go_together(role, others)
    held = {one for one in others | {role} if one in AT_DESK}
    assert ok is (not (held & ADMINISTRATORS) or len(held) == 1 or role not in AT_DESK)


@given(st.dates(), st.dates(), st.dates(), st.dates())
def test_two_terms_overlap_if_they_share_a_day(a, b, c, d):
    a, b, c, d = min(a, b), max(a, b), min(c, d), max(c, d)
    assert overlap(a, b, c, d) is (max(a, c) <= min(b, d))
    assert overlap(a, None, c, d) is (a <= d)


def test_a_term_is_told_thirty_and_seven_days_before():
    today = dt.date(2026, 3, 9)
    told = {left: told_before(today + left * DAY, today) for left in (-1, 0, 7, 8, 30, 31)}
    assert told == {-1: None, 0: 7, 7: 7, 8: 30, 30: 30, 31: None}


def test_a_sensitive_post_is_given_by_two_and_not_by_one(made):
    guo, he = made.actor("guo"), made.actor("he")
    with pytest.raises(RefusedError):
        services.post_grant(actor=guo, **_given(made))
    proposal = services.post_propose(actor=guo, **_given(made))
    assert services.post_propose(actor=guo, **_given(made)) == proposal
    assert not made.actor("lin").posts
    assert [letter.kind for letter in letters_to(made.account_id("he"))] == ["post.proposed"]
    for who in ("guo", "lin", "chen", "ma"):
        with pytest.raises(ForbiddenError):
            services.proposal_confirm(actor=made.actor(who), proposal_id=proposal.pk)
    services.proposal_confirm(actor=he, proposal_id=proposal.pk)
    post = Post.objects.get(account=made.account("lin"))
    assert (post.granted_by, post.confirmed_by) == (guo.account_id, he.account_id)
    assert made.actor("lin").can(Ability.PAYMENT_MANAGE, made.organisation("jialing").path)
    with pytest.raises(RefusedError):
        services.proposal_confirm(actor=he, proposal_id=proposal.pk)
    assert letters_to(made.account_id("guo"))[0].kind == "post.settled"


def test_a_proposal_is_refused_taken_back_or_lapses(made):
    guo, he = made.actor("guo"), made.actor("he")
    first = services.post_propose(actor=guo, **_given(made))
    assert services.proposal_refuse(actor=guo, proposal_id=first.pk).state == "withdrawn"
    second = services.post_propose(actor=guo, **_given(made))
    assert services.proposal_refuse(actor=he, proposal_id=second.pk).state == "refused"
    third = services.post_propose(actor=guo, **_given(made))
    assert services.proposals_lapse() == 0
    with stopped_clock(clock.now() + 15 * DAY):
        with pytest.raises(RefusedError):
            services.proposal_confirm(actor=he, proposal_id=third.pk)
        assert services.proposals_lapse() == 1
        assert services.proposals_lapse() == 0
    assert PostProposal.objects.get(pk=third.pk).state == "lapsed"
    assert not made.actor("lin").posts


def test_where_nobody_else_could_say_yes_nothing_is_proposed(made):
    Post.objects.filter(account=made.account("he")).update(ends_on=clock.today() - DAY)
    with pytest.raises(RefusedError):
        services.post_propose(actor=made.actor("guo"), **_given(made))
    assert not PostProposal.objects.exists()


def test_who_gives_posts_at_one_place_gives_none_that_reaches_below(made):
    Post.objects.filter(account=made.account("guo")).update(reach=Reach.HERE)
    guo = made.actor("guo")
    wide = _given(made, role=Role.VOLUNTEER, reach=Reach.BELOW)
    with pytest.raises(ForbiddenError):
        services.post_grant(actor=guo, **wide)
    services.post_grant(actor=guo, **wide | {"reach": Reach.HERE})
    assert made.actor("lin").beside


def test_seeing_the_members_of_unions_below_needs_a_second_person():
    assert is_sensitive(Role.OFFICER, Reach.BELOW)
    assert not is_sensitive(Role.OFFICER, Reach.HERE)
    assert all(is_sensitive(role, Reach.HERE) for role in ADMINISTRATORS)


def test_an_administrator_holds_no_other_post_however_it_is_tried(made):
    root = made.organisation("city")
    post_make(made.account("tang"), root, Role.SYSTEM_ADMIN, Reach.BELOW)
    tang = made.account_id("tang")
    for role in (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.OFFICER):
        with pytest.raises(RefusedError):
            services.post_grant(actor=Actor.system(), account_id=tang, organisation=root, role=role)
    with pytest.raises(RefusedError):
        services.post_propose(actor=made.actor("he"), **_given(made, account_id=tang))
    wang = Post.objects.get(account=made.account("wang"))
    with pytest.raises(RefusedError):
        services.deputy_name(
            actor=made.actor("wang"), post=wang, account_id=tang,
            starts_on=clock.today(), ends_on=clock.today(),
        )  # fmt: skip
    with pytest.raises(RefusedError):
        services.post_grant(
            actor=Actor.system(), account_id=made.account_id("zhou"), organisation=root,
            role=Role.AUDIT_ADMIN,
        )  # fmt: skip
    services.post_grant(
        actor=Actor.system(), account_id=tang, organisation=root, role=Role.VOLUNTEER
    )
    assert made.actor("tang").beside


def test_a_volunteer_has_no_desk_and_no_second_factor(made):
    post_make(made.account("lin"), made.organisation("yangtze"), Role.VOLUNTEER)
    lin = made.actor("lin")
    assert not lin.is_officer
    assert [held.role for held in lin.beside] == [Role.VOLUNTEER]


def test_a_deputy_does_the_work_for_some_days_and_gives_no_posts(made):
    today = clock.today()
    chen = Post.objects.get(account=made.account("chen"))
    Post.objects.filter(pk=chen.pk).update(reach=Reach.HERE)
    chen.refresh_from_db()
    services.deputy_name(
        actor=made.actor("chen"), post=chen, account_id=made.account_id("lin"),
        starts_on=today + DAY, ends_on=today + 2 * DAY,
    )  # fmt: skip
    path = made.organisation("jialing").path
    assert not made.actor("lin").posts
    with stopped_clock(clock.now() + DAY):
        lin = made.actor("lin")
        assert lin.can(Ability.MEMBER_VIEW, path)
        assert not lin.can(Ability.POST_GRANT, path)
        assert lin.stands_in(Ability.MEMBER_VIEW, path) == {"for": str(made.account_id("chen"))}
        assert made.actor("chen").stands_in(Ability.MEMBER_VIEW, path) == {}
        seated = {seat.account_id for seat in seats_at([chen.organisation_id])}
        assert made.account_id("lin") in seated
    with stopped_clock(clock.now() + 3 * DAY):
        assert not made.actor("lin").posts
        assert services.terms_watch() == (0, 0, 1)
        assert services.terms_watch() == (0, 0, 0)
    named = AuditRow.objects.get(action="orgs.deputy_named")
    assert named.detail["deputy"] == str(made.account_id("lin"))


def test_a_deputy_in_a_sensitive_post_needs_a_second_person_too(made):
    today = clock.today()
    terms = {"account_id": made.account_id("sun"), "starts_on": today, "ends_on": today + DAY}
    guo = Post.objects.get(account=made.account("guo"))
    with pytest.raises(RefusedError):
        services.deputy_name(actor=made.actor("guo"), post=guo, **terms)
    proposal = services.deputy_propose(actor=made.actor("guo"), post=guo, **terms)
    with pytest.raises(ForbiddenError):
        services.proposal_confirm(actor=made.actor("guo"), proposal_id=proposal.pk)
    services.proposal_confirm(actor=made.actor("he"), proposal_id=proposal.pk)
    sun = made.actor("sun")
    assert sun.can(Ability.NOTICE_MANAGE, guo.organisation.path)
    assert not sun.can(Ability.POST_GRANT, guo.organisation.path)


@pytest.mark.parametrize("key", ["fang", "luo"])
def test_nobody_stands_in_for_what_is_told_in_trust(made, key):
    post = Post.objects.get(account=made.account(key))
    with pytest.raises(RefusedError):
        services.deputy_propose(
            actor=made.actor(key), post=post, account_id=made.account_id("lin"),
            starts_on=clock.today(), ends_on=clock.today(),
        )  # fmt: skip


def test_strangers_name_no_deputies(made):
    post = Post.objects.get(account=made.account("wang"))
    for key in ("ma", "zhao", "chen"):
        with pytest.raises(ForbiddenError):
            services.deputy_name(
                actor=made.actor(key), post=post, account_id=made.account_id("lin"),
                starts_on=clock.today(), ends_on=clock.today(),
            )  # fmt: skip


def test_a_term_is_told_before_and_its_end_once(made, django_capture_on_commit_callbacks):
    post = services.post_grant(
        actor=made.actor("guo"),
        **_given(made, role=Role.OFFICER, ends_on=clock.today() + 20 * DAY),
    )
    services.terms_watch()
    services.terms_watch()
    for key in ("lin", "guo"):
        assert [one.kind for one in letters_to(made.account_id(key))] == ["post.ending"]
    with stopped_clock(clock.now() + 21 * DAY):
        assert not made.actor("lin").posts
        assert services.terms_watch() == (0, 1, 0)
        assert services.terms_watch() == (0, 0, 0)
    post.refresh_from_db()
    assert post.ended_at is not None


def test_a_post_ended_ahead_holds_until_its_last_day(made):
    post = Post.objects.get(account=made.account("wang"))
    services.post_end(actor=made.actor("guo"), post=post, ends_on=clock.today() + DAY)
    assert made.actor("wang").posts
    post.refresh_from_db()
    assert post.ended_at is None
    services.post_end(actor=made.actor("guo"), post=post, ends_on=clock.today() + 9 * DAY)
    post.refresh_from_db()
    assert post.ends_on == clock.today() + DAY
    services.post_end(actor=made.actor("guo"), post=post)
    assert not made.actor("wang").posts


def test_the_same_post_may_follow_upon_itself(made):
    terms = _given(made, role=Role.OFFICER, ends_on=clock.today() + 5 * DAY)
    first = services.post_grant(actor=made.actor("guo"), **terms)
    assert services.post_grant(actor=made.actor("guo"), **terms) == first
    after = services.post_grant(
        actor=made.actor("guo"), **terms | {"starts_on": clock.today() + 6 * DAY, "ends_on": None}
    )
    assert after != first
    settle()


@pytest.mark.parametrize("other", ["longer", "open", "wider"])
def test_a_term_across_another_is_refused_and_says_until_when_that_runs(made, other):
    last = clock.today() + 5 * DAY
    terms = _given(made, role=Role.OFFICER, reach=Reach.HERE, ends_on=last)
    services.post_grant(actor=made.actor("guo"), **terms)
    give = services.post_propose if other == "wider" else services.post_grant
    wanted: dict[str, dict[str, Any]] = {
        "longer": {"ends_on": last + DAY},
        "open": {"ends_on": None},
    }
    with pytest.raises(RefusedError, match=last.isoformat()):
        give(actor=made.actor("guo"), **terms | wanted.get(other, {"reach": Reach.BELOW}))
    assert Post.objects.filter(account=made.account("lin")).count() == 1


def test_what_is_held_just_so_is_not_proposed(made):
    proposal = services.post_propose(actor=made.actor("guo"), **_given(made))
    services.proposal_confirm(actor=made.actor("he"), proposal_id=proposal.pk)
    with pytest.raises(RefusedError):
        services.post_propose(actor=made.actor("guo"), **_given(made))
