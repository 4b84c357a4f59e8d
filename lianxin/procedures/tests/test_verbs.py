"""What the person and the office do with a case, one verb after the other."""

from __future__ import annotations

from typing import Any

import pytest

from lianxin.audit.api import history_of
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.testing import StoppedClock
from lianxin.members.testing import Federation
from lianxin.notify.api import unread_count
from lianxin.orgs.api import Role
from lianxin.orgs.testing import post_make
from lianxin.procedures import services
from lianxin.procedures.models import AnswerSet, Dossier, Entry, Objection, Repair, Task
from lianxin.procedures.rules.definition import FieldKind, StepKind
from lianxin.procedures.rules.machine import Outcome, State, TaskState
from lianxin.procedures.selectors import decision_of, dossier_bundle, receipt_of
from lianxin.procedures.testing import (
    approve,
    definition_of,
    field_of,
    live_task,
    step_of,
    submitted,
    version_of,
    walk_dossier,
)

TWO = definition_of(
    step_of("review"), step_of("decide", StepKind.DECISION, level="district", working_days=5)
)


def again(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def verbs_of(dossier: Dossier) -> list[str]:
    return list(
        Entry.objects.filter(dossier=dossier).order_by("seq").values_list("verb", flat=True)
    )


def test_a_double_tap_makes_one_dossier(people: Federation) -> None:
    version = version_of(TWO)
    first = submitted(people, version=version, key="one")
    assert submitted(people, version=version, key="one") == first
    assert Dossier.objects.count() == 1
    assert Entry.objects.count() == 1


def test_missing_answers_come_back_each_with_its_sentence(people: Federation) -> None:
    definition = definition_of(
        step_of("review"), fields=[field_of("a"), field_of("b", FieldKind.MONEY)]
    )
    with pytest.raises(services.AnswersError) as refused:
        submitted(people, definition=definition, answers={"a": "", "b": "many"})
    assert set(refused.value.errors) == {"a", "b"}
    assert not Dossier.objects.exists()


def test_who_has_no_union_is_told_where_to_go(people: Federation) -> None:
    with pytest.raises(RefusedError, match="12351"):
        submitted(people, by="tang")


def test_an_amendment_is_a_new_revision_and_is_visible(people: Federation) -> None:
    dossier = submitted(people, definition=TWO, answers={"story": "一"})
    services.dossier_amend(
        actor=people.actor("lin"),
        dossier_id=dossier.pk,
        answers={"story": "二"},
        papers={},
        key="k",
        seen=1,
    )
    assert [row.plain["story"] for row in AnswerSet.objects.order_by("revision")] == ["一", "二"]
    assert Entry.objects.get(verb="amend").data == {"changed": ["story"]}
    bundle = dossier_bundle(people.actor("wang"), dossier.pk)
    assert bundle is not None
    assert [row.is_changed for row in bundle.answers if row.field.code == "story"] == [True]


def test_amending_nothing_writes_nothing(people: Federation) -> None:
    dossier = submitted(people, definition=TWO, answers={"story": "一"})
    services.dossier_amend(
        actor=people.actor("lin"),
        dossier_id=dossier.pk,
        answers={"story": " 一 "},
        papers={},
        key="k",
        seen=1,
    )
    assert again(dossier).seq == 1


def test_what_was_decided_is_no_longer_amended(people: Federation) -> None:
    definition = definition_of(
        step_of("decide", StepKind.DECISION), step_of("give", StepKind.ACKNOWLEDGEMENT)
    )
    dossier = approve(submitted(people, definition=definition), people.actor("wang"))
    with pytest.raises(RefusedError):
        services.dossier_amend(
            actor=people.actor("lin"),
            dossier_id=dossier.pk,
            answers={"story": "新"},
            papers={},
            key="k",
            seen=None,
        )


def test_a_stale_page_is_refused_and_a_repeat_is_not(people: Federation) -> None:
    dossier = submitted(people, definition=TWO)
    ask: dict[str, Any] = {
        "actor": people.actor("wang"),
        "dossier_id": dossier.pk,
        "words": "缺一张照片",
        "key": "a",
    }
    services.dossier_ask(**ask, seen=1)
    services.dossier_ask(**ask, seen=1)
    assert again(dossier).seq == 2
    with pytest.raises(StaleError):
        services.dossier_ask(**{**ask, "key": "b"}, seen=1)


def test_the_clock_stands_still_while_we_wait_for_the_person(
    people: Federation, clock: StoppedClock
) -> None:
    dossier = submitted(people, definition=TWO)  # due Thursday 12 March
    clock.move(days=1)
    services.dossier_ask(
        actor=people.actor("wang"), dossier_id=dossier.pk, words="?", key="a", seen=None
    )
    task = live_task(dossier)
    assert (task.state, task.days_left, again(dossier).due_at) == (TaskState.STOPPED, 2, None)
    clock.move(days=10)  # Friday 20 March
    services.dossier_answer(
        actor=people.actor("lin"), dossier_id=dossier.pk, words="好", key="b", seen=None
    )
    task = live_task(dossier)
    assert task.state == TaskState.OPEN
    assert task.due_at.date().isoformat() == "2026-03-24"


def test_an_empty_answer_is_none(people: Federation) -> None:
    dossier = submitted(people, definition=TWO)
    services.dossier_ask(
        actor=people.actor("wang"), dossier_id=dossier.pk, words="?", key="a", seen=None
    )
    with pytest.raises(RefusedError):
        services.dossier_answer(
            actor=people.actor("lin"), dossier_id=dossier.pk, words=" ", key="b", seen=None
        )
    assert again(dossier).state == State.WAITING


def test_a_refusal_needs_its_reason_and_says_how_to_object(people: Federation) -> None:
    dossier = submitted(people, definition=TWO)
    with pytest.raises(RefusedError):
        services.dossier_refuse(
            actor=people.actor("wang"), dossier_id=dossier.pk, reason=" ", key="a", seen=None
        )
    services.dossier_refuse(
        actor=people.actor("wang"),
        dossier_id=dossier.pk,
        reason="收入超过标准。",
        key="a",
        seen=None,
    )
    bundle = dossier_bundle(people.actor("lin"), dossier.pk)
    assert bundle is not None
    decision = decision_of(bundle)
    assert decision is not None
    assert (decision.outcome, decision.reasons, decision.office) == (
        "refused",
        "收入超过标准。",
        "扬子机械厂工会",
    )
    assert decision.objection_until is not None
    assert decision.objection_office == "北苍街道总工会"
    receipt = receipt_of(bundle)
    assert receipt is not None
    assert receipt.due_at is not None


def test_an_objection_is_looked_at_one_level_up_by_somebody_else(people: Federation) -> None:
    dossier = submitted(people, definition=TWO)
    services.dossier_refuse(
        actor=people.actor("wang"), dossier_id=dossier.pk, reason="不", key="a", seen=None
    )
    services.dossier_object(
        actor=people.actor("lin"), dossier_id=dossier.pk, words="算错了", key="o", seen=None
    )
    task = live_task(dossier)
    assert (task.organisation, task.is_objection) == (people.organisation("beicang"), True)
    with pytest.raises(ForbiddenError):
        approve(again(dossier), people.actor("wang"))
    approve(again(dossier), people.actor("sun"), opinion="确实算错了")
    assert Objection.objects.get().state == Objection.State.UPHELD
    done = walk_dossier(again(dossier))
    assert done.outcome == Outcome.GRANTED


def test_a_second_no_is_the_last_one(people: Federation) -> None:
    dossier = submitted(people, definition=TWO)
    services.dossier_refuse(
        actor=people.actor("wang"), dossier_id=dossier.pk, reason="不", key="a", seen=None
    )
    services.dossier_object(
        actor=people.actor("lin"), dossier_id=dossier.pk, words="算错了", key="o", seen=None
    )
    services.dossier_refuse(
        actor=people.actor("sun"), dossier_id=dossier.pk, reason="没错", key="b", seen=None
    )
    assert Objection.objects.get().state == Objection.State.REJECTED
    with pytest.raises(RefusedError):
        services.dossier_object(
            actor=people.actor("lin"), dossier_id=dossier.pk, words="再看", key="p", seen=None
        )
    assert again(dossier).state == State.CLOSED


def test_one_may_object_for_fifteen_working_days(people: Federation, clock: StoppedClock) -> None:
    dossier = submitted(people, definition=TWO)
    services.dossier_refuse(
        actor=people.actor("wang"), dossier_id=dossier.pk, reason="不", key="a", seen=None
    )
    clock.move(days=22)
    with pytest.raises(RefusedError):
        services.dossier_object(
            actor=people.actor("lin"), dossier_id=dossier.pk, words="算错了", key="o", seen=None
        )


def test_a_task_is_taken_handed_over_and_kept_from_colleagues(people: Federation) -> None:
    post_make(people.account("ma"), people.organisation("yangtze"), Role.OFFICER_PART_TIME)
    dossier = submitted(people, definition=TWO)
    services.task_take(actor=people.actor("wang"), dossier_id=dossier.pk, key="t", seen=None)
    with pytest.raises(ForbiddenError):
        approve(dossier, people.actor("ma"))
    services.task_hand_over(
        actor=people.actor("wang"),
        dossier_id=dossier.pk,
        account_id=people.account_id("ma"),
        key="h",
        seen=None,
    )
    with pytest.raises(ForbiddenError):
        approve(dossier, people.actor("wang"))
    approve(dossier, people.actor("ma"))


@pytest.mark.parametrize("whom", ["lin", "zhao", "chen"])
def test_a_task_is_handed_only_to_a_colleague_who_may_have_it(
    people: Federation, whom: str
) -> None:
    dossier = submitted(people, definition=TWO)
    with pytest.raises(RefusedError):
        services.task_hand_over(
            actor=people.actor("wang"),
            dossier_id=dossier.pk,
            account_id=people.account_id(whom),
            key="h",
            seen=None,
        )


def test_a_case_is_referred_where_somebody_can_take_it(people: Federation) -> None:
    dossier = submitted(people, definition=TWO)
    refer: dict[str, Any] = {
        "actor": people.actor("wang"),
        "dossier_id": dossier.pk,
        "reason": "请街道办理",
        "seen": None,
    }
    services.dossier_refer(**refer, organisation_id=people.organisation("beicang").pk, key="a")
    assert live_task(dossier).organisation == people.organisation("beicang")
    assert Task.objects.get(state=TaskState.MOVED).organisation == people.organisation("yangtze")
    with pytest.raises(ForbiddenError):
        services.dossier_refer(**refer, organisation_id=people.organisation("jialing").pk, key="b")


def test_the_person_withdraws_at_any_time_before_the_end(people: Federation) -> None:
    dossier = submitted(people, definition=TWO)
    services.dossier_withdraw(actor=people.actor("lin"), dossier_id=dossier.pk, key="w", seen=None)
    services.dossier_withdraw(actor=people.actor("lin"), dossier_id=dossier.pk, key="w", seen=None)
    assert (again(dossier).state, again(dossier).outcome) == (State.CLOSED, Outcome.WITHDRAWN)
    assert not Task.objects.live().exists()
    with pytest.raises(RefusedError):
        services.dossier_reopen(
            actor=people.actor("sun"), dossier_id=dossier.pk, reason="x", key="r", seen=None
        )


def test_a_case_closed_by_mistake_is_opened_again(people: Federation) -> None:
    dossier = submitted(people, definition=TWO)
    services.dossier_close(
        actor=people.actor("wang"), dossier_id=dossier.pk, reason="重复", key="c", seen=None
    )
    services.dossier_reopen(
        actor=people.actor("wang"), dossier_id=dossier.pk, reason="不重复", key="r", seen=None
    )
    assert walk_dossier(again(dossier)).outcome == Outcome.GRANTED
    assert verbs_of(dossier) == ["submit", "close", "reopen", "approve", "approve"]


def test_a_bad_rating_is_put_right_and_stays_with_the_case(people: Federation) -> None:
    dossier = walk_dossier(submitted(people, definition=TWO))
    rate: dict[str, Any] = {
        "actor": people.actor("lin"),
        "dossier_id": dossier.pk,
        "level": 1,
        "words": "等太久",
    }
    services.dossier_rate(**rate, key="r")
    services.dossier_rate(**rate, key="r")
    with pytest.raises(RefusedError):
        services.dossier_rate(**rate, key="s")
    assert Repair.objects.get().done_at is None
    with pytest.raises(ForbiddenError):
        services.repair_done(
            actor=people.actor("ma"), dossier_id=dossier.pk, words="已致歉", key="x"
        )
    services.repair_done(
        actor=people.actor("chen"), dossier_id=dossier.pk, words="已电话致歉并缩短流程", key="x"
    )
    assert Repair.objects.get().done_at is not None


@pytest.mark.parametrize("level", [0, 6, -1])
def test_there_are_five_levels(people: Federation, level: int) -> None:
    dossier = walk_dossier(submitted(people, definition=TWO))
    with pytest.raises(RefusedError):
        services.dossier_rate(
            actor=people.actor("lin"), dossier_id=dossier.pk, level=level, key="r"
        )


def test_zhao_may_nothing_and_learns_nothing(people: Federation) -> None:
    dossier = submitted(people, definition=TWO)
    zhao, missing = people.actor("zhao"), version_of(TWO).pk
    sentences = set()
    for dossier_id in (dossier.pk, missing):
        with pytest.raises(ForbiddenError) as refused:
            services.dossier_withdraw(actor=zhao, dossier_id=dossier_id, key="w", seen=None)
        sentences.add(refused.value.message)
    assert len(sentences) == 1


def test_every_move_is_in_the_audit_trail_and_the_inbox(people: Federation) -> None:
    dossier = walk_dossier(submitted(people, definition=TWO))
    deeds = [row.action for row in history_of("dossier", dossier.pk)]
    assert deeds == ["dossier.submit", "dossier.approve", "dossier.approve"]
    assert unread_count(people.account_id("lin")) == 3
    assert unread_count(people.account_id("zhao")) == 0
