"""Whose membership is over comes back by a decision, never by a file; and stands on no list of members."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lianxin.kit.errors import RefusedError
from lianxin.members.api import Move, member_create, members_merge, membership_change
from lianxin.members.models import Member, MemberExport, Suspicion
from lianxin.members.selectors.people import ANY_OVER, Filters, member_page
from lianxin.members.services.duplicates import suspicions_note
from lianxin.members.services.importing.deciding import Decider
from lianxin.members.services.importing.places import Places
from lianxin.members.testing import Federation, counts_right, id_number_of, member_make
from lianxin.members.tests.test_import import _book, _counts, _import, _person
from lianxin.orgs.api import Actor, Organisation
from lianxin.vault.api import reveal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counted(fed: Federation) -> None:
    counts_right()


OVER = [
    (Move.END, "died", "member_ended"), (Move.END, "expelled", "member_ended"),
    (Move.END, "dues", "member_ended"), (Move.LEAVE, "own_wish", "member_left"),
    (Move.RETAIN, "retired", "member_retained"),
]  # fmt: skip


def _row(**cells: Any) -> list[object]:
    return _person(1, **({"name": "林晓梅", "id": id_number_of("lin")} | cells))


def _over(fed: Federation, move: Move, reason: str) -> Member:
    return membership_change(
        actor=fed.actor("wang"), member=fed.member("lin"), move=move, reason=reason
    )


@pytest.mark.parametrize(("move", "reason", "said"), OVER)
def test_an_old_roll_brings_nobody_back(fed, tmp_path, move, reason, said):
    _over(fed, move, reason)
    before = Organisation.objects.get(code="JZ").member_count
    out = tmp_path / "back.xlsx"
    path = _book(tmp_path / "roll.xlsx", [_row(), _person(150)])
    assert _counts(_import(path, dry_run=True)) == [2, 1, 0, 0, 1]
    answer = _import(path, errors=out, language="en")
    assert _counts(answer) == [2, 1, 0, 0, 1]
    assert Member.objects.filter(name="林晓梅").count() == 1
    assert Organisation.objects.get(code="JZ").member_count == before + 1
    rows = CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()
    words = {
        "member_ended": "does not bring it back", "member_left": "apply to join again",
        "member_retained": "is retained",
    }  # fmt: skip
    assert words[said] in str(rows[1][0])
    # Again is the same.
    assert _counts(_import(path)) == [2, 0, 0, 1, 1]


def test_who_stands_again_after_having_left_is_taken_as_one_of_ours(fed, tmp_path):
    left = _over(fed, Move.LEAVE, "own_wish")
    membership_change(actor=fed.actor("wang"), member=left, move=Move.ENTER)
    assert _counts(_import(_book(tmp_path / "roll.xlsx", [_row(job="钳工")]))) == [1, 0, 1, 0, 0]


def test_a_number_whose_entry_was_joined_with_another_makes_no_second_one(fed, tmp_path):
    twin = member_make("林晓梅", fed.organisation("yangtze"), serial=777)
    Member.objects.filter(pk=twin.pk).update(phone_index=fed.member("lin").phone_index)
    twin.refresh_from_db()
    suspicions_note([twin])
    pair = Suspicion.objects.get()
    members_merge(actor=fed.actor("wang"), suspicion_id=pair.pk, kept_id=fed.member_id("lin"))
    row = _row(id=reveal(twin, "id_number"))
    assert _counts(_import(_book(tmp_path / "roll.xlsx", [row]))) == [1, 0, 0, 0, 1]


def test_deciding_a_batch_takes_four_queries_whoever_is_in_it(fed):
    _over(fed, Move.LEAVE, "own_wish")
    decider = Decider(Places(fed.organisation("city")), needs_union=False)
    rows = [
        [n, "", "林晓梅", "resident", id_number_of(key), "", "2", "", ["扬子机械厂工会"]]
        for n, key in enumerate(("lin", "zhao", "qian"), start=1)
    ]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        batch = decider.decide(1, rows)
    assert len(asked) <= 4
    assert batch.rejected[1] == "member_left"


@pytest.mark.parametrize(("move", "reason", "said"), OVER)
def test_an_officer_makes_no_second_entry_of_hers(fed, move, reason, said):
    _over(fed, move, reason)
    with pytest.raises(RefusedError) as refused:
        member_create(
            actor=fed.actor("wang"), organisation=fed.organisation("yangtze"), name="林晓梅",
            id_number=id_number_of("lin"),
        )  # fmt: skip
    assert refused.value.field == "id_number"
    assert Member.objects.filter(name="林晓梅").count() == 1


def _listed(fed: Federation, **asked: str) -> list[str]:
    page = member_page(fed.actor("wang"), filters=Filters(**asked))
    return [member.name for member in page.rows]


def test_who_left_is_on_no_list_unless_asked_for(fed, as_):
    other = member_make("苏晓", fed.organisation("yangtze"), serial=778)
    kept = member_make("高远", fed.organisation("yangtze"), serial=779)
    counts_right()
    _over(fed, Move.LEAVE, "own_wish")
    membership_change(actor=fed.actor("wang"), member=other, move=Move.END, reason="died")
    membership_change(actor=fed.actor("wang"), member=kept, move=Move.RETAIN, reason="retired")
    assert not {"林晓梅", "苏晓"} & set(_listed(fed))
    assert "高远" in _listed(fed)
    assert _listed(fed, state=ANY_OVER) == ["林晓梅", "苏晓"]
    assert _listed(fed, state="left") == ["林晓梅"]
    assert _listed(fed, state=ANY_OVER, search="苏") == ["苏晓"]
    page = as_("wang").get(reverse("members:member_list"), {"state": "over"}).content.decode()
    assert "已退会" in page
    assert "会籍已终止" in page
    # One who looks from above, with several posts, reads the same.
    assert [m.name for m in member_page(Actor.system(), filters=Filters(state=ANY_OVER)).rows] == [
        "林晓梅", "苏晓",
    ]  # fmt: skip


def test_an_election_knows_only_who_has_a_vote(fed, as_, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    kept = member_make("高远", fed.organisation("yangtze"), serial=779)
    membership_change(actor=fed.actor("wang"), member=kept, move=Move.RETAIN, reason="retired")
    wang = as_("wang")
    typed = {"purpose": "election", "words": "congress of 2026"}
    answer = wang.post(reverse("members:export_new") + "?state=retained", typed)
    assert answer.status_code == 200
    assert not MemberExport.objects.exists()
    assert wang.post(reverse("members:export_new"), typed).status_code == 302
    assert MemberExport.objects.get().filters["state"] == "in_force"
