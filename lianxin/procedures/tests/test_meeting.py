"""Appointments: given at the step, and so that colleagues do not meet at the door."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.kit import clock as clocks
from lianxin.kit.errors import RefusedError
from lianxin.members.testing import Federation
from lianxin.orgs.api import Reach, Role
from lianxin.orgs.testing import post_make
from lianxin.procedures import services
from lianxin.procedures.models import Appointment, Dossier
from lianxin.procedures.rules.definition import Confidentiality, Gives, GivesKind, Routing, StepKind
from lianxin.procedures.services import Meeting
from lianxin.procedures.testing import approve, definition_of, step_of, submitted

COUNSELLING = definition_of(
    step_of("meet", StepKind.ACKNOWLEDGEMENT, level="city", roles=["counsellor"]),
    step_of("close", level="city", roles=["counsellor"]),
    routing=Routing.SPECIALIST,
    confidentiality=Confidentiality.SEALED,
    gives=Gives(kind=GivesKind.APPOINTMENT),
)


def meeting(minutes: int, place: str = "二楼 203") -> Meeting:
    return Meeting(clocks.now() + dt.timedelta(days=3, minutes=minutes), place)


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("minutes", "is_free"), [(0, False), (59, False), (-59, False), (60, True), (-60, True)]
)
def test_two_of_one_union_are_an_hour_apart(
    people: Federation, minutes: int, is_free: bool
) -> None:
    first = submitted(people, definition=COUNSELLING)
    second = submitted(people, definition=COUNSELLING, by="wang")
    approve(first, people.actor("fang"), meeting=meeting(0))
    if is_free:
        approve(second, people.actor("fang"), meeting=meeting(minutes))
    else:
        with pytest.raises(RefusedError):
            approve(second, people.actor("fang"), meeting=meeting(minutes))
    assert Appointment.objects.count() == 1 + is_free


@pytest.mark.usefixtures("clock")
def test_another_specialist_in_the_same_room_keeps_them_apart_too(people: Federation) -> None:
    post_make(people.account("luo"), people.organisation("city"), Role.COUNSELLOR, Reach.BELOW)
    cases = [submitted(people, definition=COUNSELLING, by=by) for by in ("lin", "wang")]
    holders = {dossier.tasks.get().assignee_id: dossier for dossier in cases}
    assert len(holders) == 2
    approve(holders[people.account_id("fang")], people.actor("fang"), meeting=meeting(0))
    with pytest.raises(RefusedError):
        approve(
            holders[people.account_id("luo")],
            people.actor("luo"),
            meeting=meeting(30, " 二楼 203 "),
        )
    approve(holders[people.account_id("luo")], people.actor("luo"), meeting=meeting(30, "三楼"))


@pytest.mark.usefixtures("clock")
def test_people_of_other_unions_may_follow_one_another_but_not_at_once(people: Federation) -> None:
    first = submitted(people, definition=COUNSELLING)
    second = submitted(people, definition=COUNSELLING, by="zhao")
    approve(first, people.actor("fang"), meeting=meeting(0))
    with pytest.raises(RefusedError):
        approve(second, people.actor("fang"), meeting=meeting(0))
    approve(second, people.actor("fang"), meeting=meeting(30))


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    "given", [None, Meeting(dt.datetime(2020, 1, 1, tzinfo=dt.UTC), "x"), meeting]
)
def test_no_meeting_without_a_time_to_come_and_a_place(people: Federation, given: object) -> None:
    dossier = submitted(people, definition=COUNSELLING)
    offered = meeting(0, "  ") if callable(given) else given
    with pytest.raises(RefusedError):
        approve(dossier, people.actor("fang"), meeting=offered)
    assert Dossier.objects.get().step.code == "meet"


@pytest.mark.usefixtures("clock")
def test_who_withdraws_gives_the_time_free(people: Federation) -> None:
    first = submitted(people, definition=COUNSELLING)
    approve(first, people.actor("fang"), meeting=meeting(0))
    services.dossier_withdraw(actor=people.actor("lin"), dossier_id=first.pk, key="w", seen=None)
    second = submitted(people, definition=COUNSELLING, by="wang")
    approve(second, people.actor("fang"), meeting=meeting(0))
