"""Having the roll put right, from the tap to the roll: granted, refused, hindered, told twice."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from lianxin.audit.api import AuditRow
from lianxin.catalogue import services
from lianxin.catalogue.constants import CORRECTION
from lianxin.catalogue.testing import applied, shipped_catalogue
from lianxin.jobs.testing import settle
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.testing import stopped_clock
from lianxin.members.api import Fact, Member, Suspicion, facts_of, identity_of
from lianxin.members.testing import (
    Federation,
    federation,
    id_number_of,
    invented_id_number,
    member_make,
)
from lianxin.notify.testing import letters_to
from lianxin.orgs.api import Role
from lianxin.orgs.testing import post_make
from lianxin.procedures.api import AnswersError, Dossier, dossier_bundle, timeline
from lianxin.procedures.testing import approve, live_task, objected, refuse

MONDAY = dt.datetime(2026, 3, 9, 2, tzinfo=dt.UTC)
RIGHT = invented_id_number(dt.date(1981, 6, 17), 22)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with stopped_clock(MONDAY) as hands:
        yield hands


@pytest.fixture
def town(clock, db: None) -> Federation:
    made = federation()
    shipped_catalogue()
    return made


def asks(town: Federation, what: str, value: str, who: str = "lin", **typed: Any) -> Dossier:
    blank = {"right_name": "", "right_id_kind": "", "right_id_number": "", "right_sex": ""}
    blank |= {"right_birth_on": "", "right_union_joined_on": "", "in_person": "yes"}
    answers = {**blank, "what": what, f"right_{what}": value, "why": "登记时写错了。", **typed}
    return applied(town.actor(who), CORRECTION, typed=answers)


def lin(town: Federation) -> Member:
    return Member.objects.select_related("organisation").get(pk=town.member_id("lin"))


def known(town: Federation, *names: str) -> dict[str, Any]:
    found = facts_of(town.member_id("lin"), names, actor_id=None, purpose="test")
    return {name: (fact.value, fact.source) for name, fact in found.items()}


def test_a_wrong_name_waits_at_her_own_union_for_five_working_days(town):
    dossier = asks(town, "name", "林小梅")
    task = live_task(dossier)
    assert task.organisation == town.organisation("yangtze")
    assert task.due_at.date() == dt.date(2026, 3, 16)
    assert lin(town).name == "林晓梅"


def test_granted_the_roll_the_history_and_the_trail_say_so_and_she_is_told(town):
    dossier = asks(town, "name", " 林小梅 ")
    approve(dossier, town.actor("wang"))
    settle()
    member = lin(town)
    assert (member.name, member.sort_key) == ("林小梅", "linxiaomei")
    assert known(town, "name") == {"name": ("林小梅", "correction")}
    rows = Fact.objects.filter(member=member, name="name")
    assert {(row.value, row.source, bool(row.superseded_at)) for row in rows} == {
        ("林晓梅", "roll", True), ("林小梅", "correction", False),
    }  # fmt: skip
    trace = AuditRow.objects.get(action="members.corrected")
    assert trace.actor_id == town.account_id("wang")
    assert trace.detail == {"fact": "name", "dossier": str(dossier.pk)}
    assert "小梅" not in str(trace.detail)
    assert [
        letter for letter in letters_to(town.account_id("lin")) if str(dossier.pk) in letter.url
    ]


def test_told_again_it_changes_nothing(town):
    dossier = asks(town, "name", "林小梅")
    approve(dossier, town.actor("wang"))
    settle()
    Member.objects.filter(pk=town.member_id("lin")).update(name="林一梅")
    services.correction_follow(dossier_id=dossier.pk)
    assert lin(town).name == "林一梅"
    assert AuditRow.objects.filter(action="members.corrected").count() == 1


def test_refused_the_roll_stays_and_she_may_have_it_looked_at_again(town):
    dossier = asks(town, "name", "林小梅")
    refuse(dossier, town.actor("wang"), key="n", reason="身份证上写的是林晓梅。")
    settle()
    assert lin(town).name == "林晓梅"
    bundle = dossier_bundle(town.actor("lin"), dossier.pk)
    assert bundle
    lines = timeline(town.actor("lin"), bundle)
    assert any("身份证上写的是林晓梅" in str(line.note) for line in lines)
    objected(dossier, town.actor("lin"))
    again = live_task(dossier)
    assert again.is_objection
    approve(Dossier.objects.get(pk=dossier.pk), town.actor("sun"))
    settle()
    assert lin(town).name == "林小梅"


def test_a_right_number_brings_birthday_and_sex_and_is_sealed(town):
    dossier = asks(town, "id_number", RIGHT, right_id_kind="resident")
    approve(dossier, town.actor("wang"))
    settle()
    member, identity = lin(town), identity_of(RIGHT, today=MONDAY.date())
    assert (member.birth_on, member.sex) == (identity.birth_on, identity.sex)
    assert known(town, "id_number", "birth_on") == {
        "id_number": (RIGHT, "correction"), "birth_on": (dt.date(1981, 6, 17), "correction"),
    }  # fmt: skip
    held = str([*Fact.objects.values(), *AuditRow.objects.values()])
    assert RIGHT not in held
    assert id_number_of("lin") not in held


def test_a_passport_keeps_birthday_and_sex_as_they_are(town):
    approve(asks(town, "id_number", "e1234 5678", right_id_kind="passport"), town.actor("wang"))
    settle()
    member = lin(town)
    assert (member.id_kind, member.birth_on, member.sex) == ("passport", dt.date(1981, 5, 17), "2")


def test_a_number_of_another_entry_is_told_to_the_officer_and_to_nobody_else(town):
    dossier = asks(town, "id_number", id_number_of("zhao"), right_id_kind="resident")
    with pytest.raises(RefusedError, match="另一"):
        approve(dossier, town.actor("wang"))
    assert known(town, "id_number")["id_number"][0] == id_number_of("lin")


def test_what_came_up_after_the_decision_is_told_and_the_roll_stays(town):
    dossier = asks(town, "id_number", RIGHT, right_id_kind="resident")
    approve(dossier, town.actor("wang"))
    member_make("另一人", town.organisation("riverside"), serial=901, id_number=RIGHT)
    settle()
    assert known(town, "id_number")["id_number"][0] == id_number_of("lin")
    kinds = [letter for letter in letters_to(town.account_id("lin")) if letter.kind == "membership"]
    assert len(kinds) == 1


def test_a_name_put_right_shows_who_was_entered_twice(town):
    member_make("林小梅", town.organisation("yangtze"), serial=902, birth_on=dt.date(1981, 5, 17))
    approve(asks(town, "name", "林小梅"), town.actor("wang"))
    settle()
    assert Suspicion.objects.count() == 1


@pytest.mark.parametrize(
    ("what", "value", "more"),
    [
        ("name", "", {}), ("name", "林晓梅", {}), ("name", "123", {}),
        ("id_number", "", {}), ("id_number", id_number_of("lin"), {}),
        ("id_number", RIGHT[:17] + ("0" if RIGHT[17] != "0" else "1"), {}),
        ("sex", "1", {}), ("birth_on", "1981-06-17", {}),
        ("union_joined_on", "2015-03-01", {}), ("union_joined_on", "2026-03-10", {}),
    ],
)  # fmt: skip
def test_what_cannot_be_so_is_said_at_its_field(town, what, value, more):
    with pytest.raises(AnswersError) as refused:
        asks(town, what, value, right_id_kind="resident" if what == "id_number" else "", **more)
    assert list(refused.value.errors) == [f"right_{what}"]
    assert not Dossier.objects.exists()


def test_sex_and_birthday_of_a_passport_holder_are_put_right_by_themselves(town):
    member = lin(town)
    member.id_kind, member.id_number, member.sex = "passport", "E12345678", "0"
    member.save()
    approve(asks(town, "sex", "2"), town.actor("wang"))
    settle()
    approve(asks(town, "birth_on", "1981-05-18"), town.actor("wang"))
    settle()
    assert (lin(town).sex, lin(town).birth_on) == ("2", dt.date(1981, 5, 18))


def test_one_field_is_asked_for_once_at_a_time_another_at_the_same_time(town):
    asks(town, "name", "林小梅")
    with pytest.raises(AnswersError) as refused:
        asks(town, "name", "林一梅")
    assert list(refused.value.errors) == ["what"]
    asks(town, "union_joined_on", "2014-03-01")
    assert Dossier.objects.count() == 2


def test_nobody_who_is_not_asked_decides(town):
    dossier = asks(town, "name", "林小梅")
    for who in ("lin", "zhao", "ma", "fang"):
        with pytest.raises((ForbiddenError, RefusedError)):
            approve(dossier, town.actor(who))
    settle()
    assert lin(town).name == "林晓梅"


def test_an_officer_s_own_entry_goes_to_somebody_else(town):
    dossier = asks(town, "union_joined_on", "2014-03-01", who="wang")
    assert live_task(dossier).organisation == town.organisation("beicang")
    with pytest.raises((ForbiddenError, RefusedError)):
        approve(dossier, town.actor("wang"))


def test_who_is_silent_hands_it_up(town, clock):
    dossier = asks(town, "name", "林小梅")
    for _day in range(12):
        clock.move(days=1)
        settle(clock.at)
    task = live_task(dossier)
    assert task.is_escalated
    assert task.organisation == town.organisation("beicang")


def test_the_old_roll_does_not_bring_the_mistake_back(town, tmp_path):
    """Lin's day of joining was put right; next week her union sends the same old workbook."""
    approve(asks(town, "union_joined_on", "2014-03-01"), town.actor("wang"))
    settle()
    post_make(town.account("wang"), town.organisation("yangtze"), Role.CHAIR)
    old = tmp_path / "roll.csv"
    old.write_text(
        f"姓名,身份证号,入会日期,工作单位\n林晓梅,{id_number_of('lin')},2015-03-01,扬子机械二厂\n",
        encoding="utf-8",
    )
    call_command("import_members", str(old), organisation="JZ-JL-BC-001")
    member = lin(town)
    assert member.joined_on == dt.date(2014, 3, 1)
    assert member.employer_name == "扬子机械二厂"


@pytest.mark.parametrize("name", ["林晓梅", "林小梅"])
def test_the_old_roll_with_the_wrong_number_makes_no_second_entry(town, tmp_path, name):
    """Her name was put right before; a row of any of both names and the old number is her."""
    approve(asks(town, "name", "林小梅"), town.actor("wang"))
    approve(asks(town, "id_number", RIGHT, right_id_kind="resident"), town.actor("wang"))
    settle()
    post_make(town.account("wang"), town.organisation("yangtze"), Role.CHAIR)
    found = _old_roll_sent(tmp_path, f"{name},{id_number_of('lin')}")
    assert (found["created"], found["rejected"]) == (0, 1)
    assert lin(town).state == Member.State.IN_FORCE


def test_the_number_that_was_hers_by_mistake_is_free_for_whose_it_is(town, tmp_path):
    approve(asks(town, "id_number", RIGHT, right_id_kind="resident"), town.actor("wang"))
    settle()
    assert id_number_of("lin") not in str(list(Fact.objects.values()))
    found = _old_roll_sent(tmp_path, f"秦小海,{id_number_of('lin')}")
    assert (found["created"], found["rejected"]) == (1, 0)


def _old_roll_sent(tmp_path, row: str) -> dict[str, Any]:
    old, out = tmp_path / "roll.csv", StringIO()
    old.write_text(f"姓名,身份证号\n{row}\n", encoding="utf-8")
    call_command("import_members", str(old), organisation="JZ-JL-BC-001", stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    return found


def test_what_was_asked_is_in_her_copy_and_her_answers_go_with_her(town):
    from lianxin.members.api import Person, privacy_export  # noqa: PLC0415

    asks(town, "name", "林小梅")
    person = Person(account_id=town.account_id("lin"), member_id=town.member_id("lin"))
    copies = [part.read(person) for part in privacy_export]
    assert "林小梅" in str(copies)
