"""A step that is shown in public: it ends by itself, and an objection holds it."""

from __future__ import annotations

import uuid

import pytest

from lianxin.jobs.testing import settle
from lianxin.kit.errors import RefusedError
from lianxin.kit.testing import StoppedClock
from lianxin.members.testing import Federation
from lianxin.notices import api as notices
from lianxin.procedures import services
from lianxin.procedures.models import Dossier, Entry
from lianxin.procedures.rules.definition import StepKind
from lianxin.procedures.rules.machine import State
from lianxin.procedures.testing import approve, definition_of, dossier_at_step, live_task, step_of

ROUTE = definition_of(
    step_of("review"),
    step_of("show", StepKind.NOTICE, level="district"),
    step_of("decide", StepKind.DECISION, level="city"),
)


@pytest.fixture
def shown(people: Federation, clock: StoppedClock) -> Dossier:
    return dossier_at_step(people, "show", definition=ROUTE)


def line_of(dossier: Dossier) -> notices.NoticeLine:
    return notices.NoticeLine.objects.get(object_id=dossier.pk)


def object_to(people: Federation, dossier: Dossier) -> notices.Objection:
    return notices.objection_lodge(
        actor=people.actor("zhao"),
        line_id=line_of(dossier).pk,
        words="她家有两套房。",
        key=uuid.uuid4(),
    )


def step_now(dossier: Dossier) -> str:
    return Dossier.objects.get(pk=dossier.pk).step.code


def test_it_shows_a_masked_name_and_goes_on_when_its_days_are_over(
    shown: Dossier, clock: StoppedClock
) -> None:
    assert "晓" not in line_of(shown).name
    clock.move(days=6)
    settle()
    assert step_now(shown) == "show"
    clock.move(days=2)
    settle()
    settle()
    assert step_now(shown) == "decide"


def test_a_case_that_ends_is_no_longer_shown(people: Federation, shown: Dossier) -> None:
    other = dossier_at_step(people, "show", definition=ROUTE, by="wang")
    object_to(people, other)
    for key, dossier in (("lin", shown), ("wang", other)):
        services.dossier_withdraw(
            actor=people.actor(key), dossier_id=dossier.pk, key="w", seen=None
        )
    assert not notices.NoticeLine.objects.filter(object_id=shown.pk).exists()
    assert line_of(other).name == "＊＊＊"


def test_nobody_shortens_the_notice(people: Federation, shown: Dossier) -> None:
    with pytest.raises(RefusedError):
        approve(shown, people.actor("chen"))


def test_an_open_objection_holds_the_case_and_a_dismissed_one_lets_it_go(
    people: Federation, shown: Dossier, clock: StoppedClock
) -> None:
    objection = object_to(people, shown)
    clock.move(days=8)
    settle()
    assert step_now(shown) == "show"
    with pytest.raises(RefusedError):
        approve(shown, people.actor("chen"))
    notices.objection_settle(
        actor=people.actor("chen"),
        objection_id=objection.pk,
        is_upheld=False,
        answer="已核实，情况不属实。",
    )
    settle()
    assert step_now(shown) == "decide"
    kinds = [
        entry.data.get("kind")
        for entry in Entry.objects.filter(dossier=shown, verb="object").order_by("seq")
    ]
    assert kinds == ["notice", "notice_settled"]


def test_an_upheld_objection_waits_for_a_person(
    people: Federation, shown: Dossier, clock: StoppedClock
) -> None:
    objection = object_to(people, shown)
    notices.objection_settle(
        actor=people.actor("chen"), objection_id=objection.pk, is_upheld=True, answer="确有两套房。"
    )
    clock.move(days=8)
    settle()
    assert step_now(shown) == "show"
    assert Dossier.objects.get().state == State.OPEN
    assert live_task(shown).kind == StepKind.NOTICE
