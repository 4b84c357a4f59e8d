"""Joining and taking a membership along, from the application to the roll."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from lianxin.catalogue import services
from lianxin.catalogue.constants import JOINING, TRANSFER
from lianxin.catalogue.testing import applied, shipped_catalogue
from lianxin.jobs.testing import settle
from lianxin.kit.errors import RefusedError
from lianxin.kit.testing import StoppedClock, stopped_clock
from lianxin.members.api import (
    Member,
    MembershipEvent,
    Move,
    Suspicion,
    Transfer,
    member_of,
    membership_change,
    under_way,
)
from lianxin.members.testing import (
    Federation,
    counts_right,
    federation,
    id_number_of,
    invented_id_number,
)
from lianxin.orgs.api import Organisation
from lianxin.procedures.api import AnswersError, Dossier, dossier_withdraw
from lianxin.procedures.testing import approve, live_task, objected, refuse

NEW = invented_id_number(dt.date(1992, 2, 29), 431)


@pytest.fixture
def town(db: None) -> Federation:
    return _town()


def _town() -> Federation:
    made = federation()
    counts_right()
    shipped_catalogue()
    return made


@pytest.fixture
def clock() -> Any:
    with stopped_clock(dt.datetime(2026, 3, 9, 2, tzinfo=dt.UTC)) as hands:
        yield hands


def joins(town: Federation, who: str = "tang", union: str = "JZ-BH-JW", **typed: Any) -> Dossier:
    answers = {
        "union": union, "name": "唐风", "id_number": NEW, "employment_form": "flexible",
        "employer": "闪送", **typed,
    }  # fmt: skip
    return applied(town.actor(who), JOINING, typed=answers)


def moves(town: Federation, to: str = "JZ-BH-JW-001") -> Dossier:
    return applied(town.actor("lin"), TRANSFER, typed={"to_union": to, "reason": "new_job"})


def standings(member: Member) -> list[str]:
    return [row.to_standing for row in MembershipEvent.objects.filter(member=member).order_by("id")]


def counts(*codes: str) -> list[int]:
    known = dict(Organisation.objects.values_list("code", "member_count"))
    return [known[code] for code in codes]


def test_a_courier_joins_the_union_of_her_street(town: Federation) -> None:
    dossier = joins(town)
    task = live_task(dossier)
    assert task.organisation.code in {"JZ-BH-JW", "JZ-BH", "JZ"}
    before = counts("JZ-BH-JW")
    approve(dossier, town.actor("zhou"))
    settle()
    member = member_of(town.account_id("tang"))
    assert member is not None
    assert (member.organisation.code, member.state) == ("JZ-BH-JW", "in_force")
    assert (member.employment_form, member.employer_name) == ("flexible", "闪送")
    assert member.phone_index == town.account("tang").phone_index
    assert standings(member) == ["applied", "review", "in_force"]
    assert counts("JZ-BH-JW") == [before[0] + 1]


def test_a_factory_s_own_officer_takes_in_who_works_there(town: Federation) -> None:
    dossier = joins(town, union="JZ-JL-BC-001", employment_form="contract")
    approve(dossier, town.actor("wang"))
    settle()
    assert member_of(town.account_id("tang")).organisation.code == "JZ-JL-BC-001"


def test_who_is_refused_stands_on_no_roll(town: Federation) -> None:
    dossier = joins(town, union="JZ-JL-BC-001")
    refuse(dossier, town.actor("wang"), key="n")
    settle()
    assert member_of(town.account_id("tang")) is None


def test_a_number_in_force_elsewhere_is_no_second_membership(town: Federation) -> None:
    dossier = joins(town, union="JZ-JL-BC-001", name="赵海燕", id_number=id_number_of("zhao"))
    Member.objects.filter(pk=town.member_id("zhao")).update(account=None)
    with pytest.raises(RefusedError, match="转会"):
        approve(dossier, town.actor("wang"))
    assert Member.objects.filter(name="赵海燕").count() == 1


def test_a_number_that_signs_in_elsewhere_is_not_handed_over(town: Federation) -> None:
    dossier = joins(town, union="JZ-BH-JW-001", name="赵海燕", id_number=id_number_of("zhao"))
    with pytest.raises(RefusedError):
        approve(dossier, town.actor("ma"))
    assert member_of(town.account_id("tang")) is None


def test_who_was_entered_by_the_office_gets_that_entry(town: Federation) -> None:
    Member.objects.filter(pk=town.member_id("zhao")).update(account=None)
    dossier = joins(town, union="JZ-BH-JW-001", name="赵海燕", id_number=id_number_of("zhao"))
    approve(dossier, town.actor("ma"))
    settle()
    assert member_of(town.account_id("tang")).pk == town.member_id("zhao")


def test_who_left_comes_back_as_the_same_person(town: Federation) -> None:
    member = town.member("lin")
    membership_change(actor=town.actor("wang"), member=member, move=Move.END, reason="dues")
    dossier = joins(town, "lin", union="JZ-BH-JW-001", name="林晓梅", id_number=id_number_of("lin"))
    approve(dossier, town.actor("ma"))
    settle()
    back = Member.objects.get(pk=member.pk)
    assert (back.state, back.organisation.code) == ("in_force", "JZ-BH-JW-001")
    assert standings(back) == ["ended", "applied", "review", "in_force"]


def test_a_member_does_not_join_again(town: Federation) -> None:
    with pytest.raises(AnswersError) as refused:
        joins(town, "lin", name="林晓梅", id_number=id_number_of("lin"))
    assert refused.value.field == "union"


def test_a_wrong_number_is_told_before_it_is_sent(town: Federation) -> None:
    wrong = NEW[:10] + str((int(NEW[10]) + 1) % 10) + NEW[11:]
    with pytest.raises(AnswersError) as refused:
        joins(town, id_number=wrong)
    assert refused.value.field == "id_number"


def test_somebody_alike_is_noted_for_the_desk(town: Federation) -> None:
    Member.objects.filter(pk=town.member_id("zhao")).update(name="唐风")
    tang = town.account("tang")
    Member.objects.filter(pk=town.member_id("zhao")).update(phone_index=tang.phone_index)
    dossier = joins(town, union="JZ-BH-JW-001")
    approve(dossier, town.actor("ma"))
    settle()
    assert Suspicion.objects.get().signs == ["name_and_phone"]


def test_a_transfer_takes_two_yeses_and_services_go_on(town: Federation) -> None:
    dossier = moves(town)
    settle()
    member = town.member("lin")
    assert under_way(member.pk).phase == "moving_out"
    assert Member.objects.get(pk=member.pk).state == "in_force"
    approve(dossier, town.actor("wang"))
    settle()
    assert under_way(member.pk).phase == "moving_in"
    assert Member.objects.get(pk=member.pk).organisation.code == "JZ-JL-BC-001"
    approve(Dossier.objects.get(pk=dossier.pk), town.actor("ma"))
    settle()
    moved = Member.objects.get(pk=member.pk)
    assert (moved.organisation.code, moved.district_code) == ("JZ-BH-JW-001", "JZ-BH")
    assert standings(moved) == ["moving_out", "moving_in", "in_force"]
    assert under_way(member.pk) is None


def test_a_silent_union_lets_go(town: Federation, clock: StoppedClock) -> None:
    dossier = moves(town)
    settle()
    for days in (15, 8):
        clock.move(days=days)
        settle()
    assert under_way(town.member_id("lin")).phase == "moving_in"
    release = MembershipEvent.objects.get(to_standing="moving_in")
    assert (release.reason, release.actor_id) == ("silence", None)
    assert live_task(dossier).organisation.code == "JZ-BH-JW-001"


@pytest.mark.parametrize("who", ["wang", "ma"])
def test_a_refusal_leaves_her_where_she_is(town: Federation, who: str) -> None:
    dossier = moves(town)
    if who == "ma":
        approve(dossier, town.actor("wang"))
    settle()
    refuse(dossier, town.actor(who), key="n")
    settle()
    member = Member.objects.get(pk=town.member_id("lin"))
    assert under_way(member.pk) is None
    assert (member.organisation.code, member.state) == ("JZ-JL-BC-001", "in_force")
    assert standings(member)[-1] == "in_force"


def test_an_upheld_objection_takes_her_further(town: Federation) -> None:
    dossier = moves(town)
    settle()
    refuse(dossier, town.actor("wang"))
    settle()
    objected(dossier, town.actor("lin"))
    settle()
    assert under_way(town.member_id("lin")).phase == "moving_out"
    approve(Dossier.objects.get(pk=dossier.pk), town.actor("sun"))
    settle()
    assert under_way(town.member_id("lin")).phase == "moving_in"


def test_taking_it_back_leaves_her_where_she_is(town: Federation) -> None:
    dossier = moves(town)
    settle()
    dossier_withdraw(actor=town.actor("lin"), dossier_id=dossier.pk, key="w", seen=None)
    settle()
    assert under_way(town.member_id("lin")) is None
    assert Transfer.objects.get().phase == "stayed"


@pytest.mark.parametrize("to", ["JZ-JL-BC-001", "NOWHERE"])
def test_one_s_own_union_and_none_are_no_way_to_go(town: Federation, to: str) -> None:
    with pytest.raises(AnswersError) as refused:
        moves(town, to)
    assert refused.value.field == "to_union"


def test_a_second_transfer_waits_for_the_first(town: Federation) -> None:
    moves(town)
    settle()
    with pytest.raises(AnswersError):
        moves(town, "JZ-BH-JW")


def test_events_that_come_late_or_twice_change_nothing(town: Federation) -> None:
    dossier = moves(town)
    approve(dossier, town.actor("wang"))
    approve(Dossier.objects.get(pk=dossier.pk), town.actor("ma"))
    settle()
    for _again in range(2):
        services.transfer_follow_case(dossier_id=dossier.pk)
    member = Member.objects.get(pk=town.member_id("lin"))
    assert standings(member) == ["moving_out", "moving_in", "in_force"]
    assert member.organisation.code == "JZ-BH-JW-001"
