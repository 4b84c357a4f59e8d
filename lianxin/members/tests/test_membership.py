"""Memberships at the desk and in one's own hand: counted right, history kept, cards that follow."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from lianxin.jobs.testing import settle
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.events import subscribe
from lianxin.members.api import (
    Move,
    card_verify,
    member_move,
    membership_change,
    membership_leave,
)
from lianxin.members.events import MembershipChanged
from lianxin.members.models import Card, HistoryError, Member, MembershipEvent
from lianxin.members.selectors.membership import history_of
from lianxin.members.services.card import card_issue, card_token
from lianxin.members.testing import Federation, counts_right, id_number_of
from lianxin.orgs.api import Organisation


@pytest.fixture(autouse=True)
def counted(fed: Federation) -> None:
    counts_right()


def count(code: str = "JZ-JL-BC-001") -> int:
    found: int = Organisation.objects.get(code=code).member_count
    return found


def change(fed: Federation, move: Move, reason: str, who: str = "wang", **given: Any) -> Member:
    member = Member.objects.get(pk=fed.member_id("lin"))
    return membership_change(actor=fed.actor(who), member=member, move=move, reason=reason, **given)


def test_retiring_and_working_again_is_counted_and_remembered(fed: Federation) -> None:
    before = count()
    change(fed, Move.RETAIN, "retired", on=dt.date(2026, 1, 31))
    assert count() == before - 1
    change(fed, Move.RESTORE, "working_again")
    assert count() == before
    lines = history_of(fed.member("lin"))
    assert [line.standing for line in lines] == ["in_force", "retained", "in_force"]
    assert (lines[1].on, lines[1].reason) == (dt.date(2026, 1, 31), "retired")


def test_the_same_again_adds_no_line(fed: Federation) -> None:
    for _twice in range(2):
        change(fed, Move.RETAIN, "army")
    assert MembershipEvent.objects.count() == 1


@pytest.mark.parametrize("who", ["lin", "zhao", "ma", "fang"])
def test_only_her_union_changes_a_membership(fed: Federation, who: str) -> None:
    with pytest.raises(ForbiddenError):
        change(fed, Move.RETAIN, "retired", who=who)


def test_nobody_changes_her_own(fed: Federation) -> None:
    with pytest.raises(ForbiddenError):
        membership_change(
            actor=fed.actor("wang"), member=fed.member("wang"), move=Move.RETAIN, reason="retired"
        )


def test_a_day_ahead_is_no_day(fed: Federation) -> None:
    with pytest.raises(RefusedError):
        change(fed, Move.RETAIN, "retired", on=dt.date(2999, 1, 1))


def test_leaving_ends_the_card_and_can_be_taken_back_by_the_office(fed: Federation) -> None:
    card = card_issue(actor=fed.actor("lin"))
    token = card_token(Card.objects.select_related("member__organisation").get(pk=card.pk))
    for _twice in range(2):
        membership_leave(actor=fed.actor("lin"))
    assert card_verify(token).fault == "revoked"
    assert Member.objects.get(pk=fed.member_id("lin")).state == "left"
    change(fed, Move.ENTER, "")
    assert Member.objects.get(pk=fed.member_id("lin")).state == "in_force"


def test_history_can_be_neither_changed_nor_erased(fed: Federation) -> None:
    change(fed, Move.RETAIN, "retired")
    row = MembershipEvent.objects.get()
    for act in (row.save, row.delete, MembershipEvent.objects.all().delete):
        with pytest.raises(HistoryError):
            act()
    with pytest.raises(HistoryError):
        MembershipEvent.objects.update(reason="x")


def test_two_memberships_of_one_number_are_refused_by_the_database(fed: Federation) -> None:
    lin = fed.member("lin")
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(pk=fed.member_id("zhao")).update(id_index=lin.id_index)


def test_each_move_is_told(fed: Federation) -> None:
    heard: list[MembershipChanged] = []
    subscribe(MembershipChanged, heard.append)
    change(fed, Move.RETAIN, "study")
    settle()
    told = [one for one in heard if one.member_id == fed.member_id("lin")]
    assert [(one.from_state, one.to_state) for one in told] == [("in_force", "retained")]


def test_an_office_of_both_unions_carries_over_at_once(fed: Federation) -> None:
    member_move(
        actor=fed.actor("zhou"), member=fed.member("lin"),
        organisation=fed.organisation("riverside"),
    )  # fmt: skip
    lines = history_of(Member.objects.get(pk=fed.member_id("lin")))
    assert [line.union for line in lines] == ["扬子机械厂工会", "江畔酒店工会"]


def test_the_desk_shows_history_and_writes_it(fed: Federation, as_: Any) -> None:
    url = reverse("members:membership", args=[fed.member_id("lin")])
    assert as_("ma").get(url).status_code == 404
    for worker in ("lin", "zhao"):
        assert as_(worker).get(url).status_code == 403
    wang = as_("wang")
    for _twice in range(2):
        assert wang.post(url, {"becomes": "retain:retired", "on": ""}).status_code in {200, 302}
    assert MembershipEvent.objects.count() == 1
    page = wang.get(url).content.decode()
    assert 'value="restore:working_again"' in page
    assert 'value="end:merged"' not in page
    assert wang.post(url, {"becomes": "end:merged"}).status_code == 200
    assert wang.put(url).status_code == 405


def test_a_member_sees_her_card_and_leaves_by_her_own_hand(fed: Federation, as_: Any) -> None:
    lin = as_("lin")
    page = lin.get(reverse("members:card"))
    assert "data:image" not in page.content.decode()
    for _twice in range(2):
        assert lin.post(reverse("members:card_get")).status_code == 302
    page = lin.get(reverse("members:card")).content.decode()
    assert "data:image/svg+xml" in page
    assert id_number_of("lin") not in page
    assert Card.objects.count() == 1
    leave = reverse("members:membership_end")
    assert lin.post(leave, {}).status_code == 200
    assert Member.objects.get(pk=fed.member_id("lin")).state == "in_force"
    assert lin.post(leave, {"sure": "on"}).status_code == 302
    assert lin.post(leave, {"sure": "on"}).status_code == 302
    assert Member.objects.get(pk=fed.member_id("lin")).state == "left"
    assert "data:image" not in lin.get(reverse("members:card")).content.decode()


def test_who_is_on_no_roll_is_told_how_to_get_there(as_: Any) -> None:
    page = as_("tang").get(reverse("members:card")).content.decode()
    assert reverse("members:link") in page


def test_anybody_checks_a_card_without_a_session(fed: Federation, client: Any) -> None:
    card = card_issue(actor=fed.actor("lin"))
    token = card_token(Card.objects.select_related("member__organisation").get(pk=card.pk))
    url = reverse("members:card_check")
    assert client.get(url).status_code == 200
    page = client.post(url, {"token": token}).content.decode()
    assert "林*梅" in page
    assert "林晓梅" not in page
    assert "sessionid" not in client.cookies
    wrong = client.post(url, {"token": token[:-3] + "AAA"}).content.decode()
    assert "林*梅" not in wrong
    keys = client.get(reverse("members:card_keys")).json()["keys"]
    assert [key["crv"] for key in keys] == ["Ed25519"]
    assert client.get(reverse("members:card_revoked")).content.count(b".") == 1
