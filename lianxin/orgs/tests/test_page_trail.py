"""The audit trail at the desk: who reads it, what of it, and that looking at a person leaves a line."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.audit.api import AuditRow, checkpoint_write, record
from lianxin.kit import clock
from lianxin.kit.transactions import atomic
from lianxin.orgs.rules import Reach, Role
from lianxin.orgs.testing import post_make, tree

TRAIL = reverse("orgs:trail")


@pytest.fixture
def made(db):
    made = tree()
    post_make(made.account("tang"), made.organisation("jialing"), Role.AUDIT_ADMIN, Reach.BELOW)
    with atomic():
        for who, action, about in (
            ("wang", "members.member_changed", "lin"),
            ("zhao", "members.member_changed", "lin"),
            ("wang", "members.fact_saved", "wang"),
            ("chen", "orgs.post_granted", None),
        ):
            record(
                actor_id=made.account_id(who), action=action, kind="members.Member", object_id=f"of-{who}",
                subject_id=made.account_id(about) if about else None, detail={"role": "officer"},
            )  # fmt: skip
    return made


def _page(made, key="tang", **asked):
    web = Client()
    sign_in(web, made.account(key))
    return web.get(TRAIL, asked)


def _deeds(page):
    return [(one.who, one.row.action) for one in page.context["deeds"]]


def test_only_those_who_read_the_trail_find_it(made):
    assert Client().get(TRAIL).status_code == 302
    answers = {who: _page(made, who).status_code for who in ("lin", "wang", "guo", "tang")}
    assert answers == {"lin": 403, "wang": 403, "guo": 403, "tang": 200}


def test_it_shows_offices_in_reach_and_never_what_one_did_about_oneself(made):
    deeds = _deeds(_page(made))
    assert [action for _who, action in deeds] == ["orgs.post_granted", "members.member_changed"]
    assert deeds[1][0] == made.account("wang").display_name


def test_private_acts_and_counsel_told_in_trust_are_not_in_it(made):
    counsel = made.account("fang")
    assert counsel.pk
    with atomic():
        for who, action in (
            ("wang", "suggestion.sent"),
            ("wang", "file.stored"),
            ("fang", "orgs.x"),
            ("ma", "orgs.x"),
        ):
            record(actor_id=made.account_id(who), action=action, kind="x.X", object_id="1")  # fmt: skip
    post_make(counsel, made.organisation("jialing"), Role.COUNSELLOR, Reach.HERE)
    post_make(made.account("ma"), made.organisation("jialing"), Role.VOLUNTEER, Reach.HERE)
    assert [action for _who, action in _deeds(_page(made))] == ["orgs.post_granted", "members.member_changed"]  # fmt: skip


def test_looking_up_a_person_is_written_down_whichever_way_and_the_page_is_no_phone_book(made):
    lin = made.account("lin")
    _page(made, about=str(lin.pk), after="x")
    _page(made, kind="accounts.User", thing=str(lin.pk))
    assert AuditRow.objects.filter(action="orgs.trail_read", subject_id=lin.pk).count() == 2
    lin.login_name = "lin-own"
    lin.save()
    assert "who" in _page(made, who="lin-own").context["form"].errors


def test_it_narrows_by_who_deed_day_thing_and_person(made):
    today = clock.today().isoformat()
    made.accounts["chen"].login_name = "chenz"
    made.accounts["chen"].save()
    assert len(_deeds(_page(made, deed="orgs."))) == 1
    assert len(_deeds(_page(made, who="chenz"))) == 1
    assert len(_deeds(_page(made, first_on=today, last_on=today))) == 2
    assert not _deeds(_page(made, last_on="2020-01-01"))
    assert len(_deeds(_page(made, kind="members.Member", thing="of-wang"))) == 1
    assert len(_deeds(_page(made, about=str(made.account_id("lin"))))) == 1
    assert not AuditRow.objects.filter(action="orgs.trail_read").exclude(
        actor_id=made.account_id("tang"), subject_id=made.account_id("lin")
    )
    assert AuditRow.objects.filter(action="orgs.trail_read").count() == 1


def test_what_was_typed_wrongly_is_said_and_kept(made):
    page = _page(made, who="nobody-here", first_on="2026-02-02", last_on="2026-01-01")
    assert {"who", "last_on"} <= set(page.context["form"].errors)
    assert "nobody-here" in page.content.decode()
    assert not _deeds(page)


def test_it_says_up_to_when_checkpoints_confirm_it(made, settings, tmp_path):
    settings.AUDIT_CHECKPOINTS = str(tmp_path)
    assert _page(made).context["sealed"] is None
    written = checkpoint_write()
    found = _page(made).context["sealed"]
    assert written is not None
    assert (found.number, found.rows) == (1, sum(mark.size for mark in written.marks))


def test_a_page_costs_the_same_however_long(made, django_assert_max_num_queries):
    with atomic():
        for number in range(60):
            record(actor_id=made.account_id("wang"), action="orgs.x", kind="x.X", object_id=str(number))  # fmt: skip
    web = Client()
    sign_in(web, made.account("tang"))
    web.get(TRAIL)
    with django_assert_max_num_queries(12):
        page = web.get(TRAIL)
    assert len(_deeds(page)) == 50
    after = web.get(TRAIL, {"after": page.context["page"].next_token})
    assert len(_deeds(after)) == 12
