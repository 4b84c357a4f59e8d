"""A late step reminds and escalates by itself, each once."""

from __future__ import annotations

import pytest

from lianxin.jobs.testing import settle
from lianxin.kit.errors import ForbiddenError
from lianxin.kit.testing import StoppedClock
from lianxin.members.testing import Federation
from lianxin.notify.testing import letters_to
from lianxin.orgs.api import Actor, Post, post_end
from lianxin.procedures import services
from lianxin.procedures.models import Dossier, Entry
from lianxin.procedures.rules.definition import Confidentiality, Late, LateAction
from lianxin.procedures.selectors.dossiers import dossier_bundle
from lianxin.procedures.testing import (
    approve,
    definition_of,
    live_task,
    step_of,
    submitted,
)
from lianxin.procedures.views.story import due_of


def verbs_of(dossier: Dossier) -> list[str]:
    return list(
        Entry.objects.filter(dossier=dossier).order_by("seq").values_list("verb", flat=True)
    )


def test_a_late_step_is_reminded_and_then_taken_over(
    people: Federation, clock: StoppedClock
) -> None:
    dossier = submitted(people)  # due Thursday
    clock.move(days=3, hours=9)
    settle()
    settle()
    assert verbs_of(dossier) == ["submit", "remind"]
    clock.move(days=4)  # Monday evening: two working days later
    settle()
    assert verbs_of(dossier) == ["submit", "remind", "escalate"]
    task = live_task(dossier)
    assert (task.organisation, task.is_escalated) == (people.organisation("beicang"), True)
    assert task.due_at.date().isoformat() == "2026-03-18"
    with pytest.raises(ForbiddenError):
        approve(dossier, people.actor("wang"))
    approve(dossier, people.actor("sun"))


def test_a_late_job_run_again_changes_nothing(people: Federation, clock: StoppedClock) -> None:
    dossier = submitted(people)
    task = live_task(dossier)
    clock.move(days=14)
    for _ in range(3):
        services.step_late(task_id=task.pk, number=1, clock_round=0)
    assert verbs_of(dossier) == ["submit", "escalate"]


def test_a_timer_of_a_stopped_clock_does_nothing(people: Federation, clock: StoppedClock) -> None:
    dossier = submitted(people)
    services.dossier_ask(
        actor=people.actor("wang"), dossier_id=dossier.pk, words="?", key="a", seen=None
    )
    clock.move(days=14)
    settle()
    assert verbs_of(dossier) == ["submit", "ask"]
    services.dossier_answer(
        actor=people.actor("lin"), dossier_id=dossier.pk, words="!", key="b", seen=None
    )
    settle()
    assert verbs_of(dossier) == ["submit", "ask", "answer"]
    clock.move(days=14)
    settle()
    assert verbs_of(dossier)[3:5] == ["remind", "escalate"]


def test_the_person_is_reminded_once_of_what_we_asked(
    people: Federation, clock: StoppedClock
) -> None:
    dossier = submitted(people)
    services.dossier_ask(
        actor=people.actor("wang"), dossier_id=dossier.pk, words="?", key="a", seen=None
    )
    before = len(letters_to(people.account_id("lin")))
    for days in (6, 4, 4):
        clock.move(days=days)
        settle()
        settle()
    letters = letters_to(people.account_id("lin"))
    assert len(letters) == before + 1
    assert letters[0].kind == "case.asked_again"


def test_a_timer_before_its_time_does_nothing(people: Federation, clock: StoppedClock) -> None:
    dossier = submitted(people)
    services.step_late(task_id=live_task(dossier).pk, number=0, clock_round=0)
    assert verbs_of(dossier) == ["submit"]


def test_at_the_top_and_in_a_sealed_case_lateness_only_reminds(
    people: Federation, clock: StoppedClock
) -> None:
    late = [Late(action=LateAction.ESCALATE)]
    top = submitted(
        people,
        definition=definition_of(step_of("x", level="city", roles=["chair"], when_late=late)),
    )
    sealed = submitted(
        people,
        definition=definition_of(
            step_of("y", level="street", roles=["officer"], when_late=late),
            confidentiality=Confidentiality.SEALED,
        ),
    )
    clock.move(days=14)
    settle()
    assert verbs_of(top) == verbs_of(sealed) == ["submit", "remind"]


def test_an_overseer_may_take_a_case_upward_herself(people: Federation) -> None:
    dossier = submitted(people)
    services.dossier_escalate(actor=people.actor("chen"), dossier_id=dossier.pk, key="e", seen=None)
    assert live_task(dossier).organisation == people.organisation("beicang")


def test_who_leaves_her_post_leaves_no_case_behind(people: Federation) -> None:
    dossier = submitted(people)
    services.task_take(actor=people.actor("wang"), dossier_id=dossier.pk, key="t", seen=None)
    post = Post.objects.get(account=people.account("wang"))
    post_end(actor=Actor.system(), post=post)
    settle()
    task = live_task(dossier)
    assert (task.organisation, task.assignee_id) == (people.organisation("beicang"), None)


def test_what_is_due_today_is_said_to_be_before_eight_in_the_morning_too(
    people: Federation, clock: StoppedClock
) -> None:
    dossier = submitted(people)  # due Thursday, half past five
    clock.move(days=2, hours=20)  # Thursday, six in the morning: Wednesday by UTC
    bundle = dossier_bundle(people.actor("wang"), dossier.pk)
    assert bundle is not None
    told = due_of(bundle)
    assert told is not None
    assert told.tone == "late"
