"""What a decision makes true, what parameters hold, and what becomes of old drafts."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.catalogue.api import parameter_fen, person_erase, person_export
from lianxin.catalogue.models import Draft
from lianxin.catalogue.services import drafts_purge, grants_write
from lianxin.catalogue.testing import applied, begun, filled
from lianxin.files.api import files_of
from lianxin.jobs.testing import is_registered, settle
from lianxin.kit import clock
from lianxin.members.api import facts_of
from lianxin.procedures.testing import walk_dossier

HARD = {
    "own_income": "6000", "family": [], "rigid": [], "household_size": "2", "sudden": "no",
}  # fmt: skip


def _facts(town, *names):
    lin = town.account_id("lin")
    return facts_of(town.member_id("lin"), names, actor_id=lin, purpose="test")


def test_a_hardship_file_is_granted_by_its_tier_and_known_to_the_next_service(town):
    dossier = applied(town.actor("lin"), "hardship-file", typed=HARD)
    assert dossier.tier == "deep"
    settle()
    walk_dossier(dossier)
    settle()
    fact = _facts(town, "hardship_tier")["hardship_tier"]
    assert (fact.value, fact.source) == ("deep", "grant")
    assert fact.expires_on is not None
    assert _facts(town, "household_size")["household_size"].value == 2
    assert grants_write(dossier_id=dossier.pk) == 1
    draft = begun(town.actor("lin"), "school-aid")
    assert "tier" in draft.sources


def test_a_day_is_granted(town):
    dossier = applied(town.actor("lin"), "education-subsidy")
    walk_dossier(dossier)
    settle()
    fact = _facts(town, "education_subsidy_granted_on")["education_subsidy_granted_on"]
    assert fact.value == clock.today()


def test_nothing_is_granted_before_the_decision(town):
    dossier = applied(town.actor("lin"), "education-subsidy")
    settle()
    assert grants_write(dossier_id=dossier.pk) == 0
    assert not _facts(town, "education_subsidy_granted_on")


@pytest.mark.parametrize(
    ("day", "fen"),
    [("2024-06-30", None), ("2024-07-01", 73500), ("2025-06-30", 73500), ("2025-07-01", 76500)],
)
def test_an_amount_holds_from_its_day_on_and_before_is_unknown(town, day, fen):
    union = town.organisation("yangtze")
    on = dt.date.fromisoformat(day)
    assert parameter_fen("minimum_living_standard", union, on) == fen


def test_an_amount_nobody_has_said_is_unknown_not_zero(town):
    assert parameter_fen("no_such_thing", town.organisation("yangtze"), clock.today()) is None


def test_children_told_now_join_those_told_before(town):
    row = {"name": "林小溪", "birth_on": "2008-05-01", "school": "嘉州一中", "stage": "senior"}
    applied(town.actor("lin"), "school-aid", typed={"students": [row]})
    settle()
    younger = {"name": "林小河", "birth_on": "2018-05-01", "school": "实验小学", "grade": "二年级"}
    draft = begun(town.actor("lin"), "childcare-place")
    assert "child" in draft.sources
    applied(town.actor("lin"), "childcare-place", typed={"child": [younger]})
    settle()
    known = _facts(town, "children")["children"].value
    assert [child["name"] for child in known] == ["林小溪", "林小河"]


def test_old_drafts_and_their_papers_go_by_themselves(town):
    actor = town.actor("lin")
    draft = filled(actor, begun(actor, "medical-aid"))
    assert files_of("catalogue.draft", draft.pk).count() == 2
    assert drafts_purge() == 0
    Draft.objects.update(updated_at=clock.now() - dt.timedelta(days=91))
    assert drafts_purge() == 1
    assert not files_of("catalogue.draft", draft.pk)
    assert is_registered("catalogue.drafts_purge")


def test_a_person_can_take_her_drafts_along_and_have_them_erased(town):
    actor = town.actor("lin")
    filled(actor, begun(actor, "counselling"), {"about": "最近睡不好"})
    lin = (town.account_id("lin"), town.member_id("lin"))
    (copy,) = person_export(*lin)
    assert copy["typed"]["about"] == "最近睡不好"
    assert person_export(town.account_id("zhao"), town.member_id("zhao")) == []
    begun(town.actor("wang"), "humane-care", person_id=town.member_id("lin"))
    assert person_erase(*lin) == 2
    assert not Draft.objects.exists()
