"""A route across two lines of the tree: one union lets go, another takes in, and silence is a yes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from lianxin.jobs import api as jobs
from lianxin.kit.testing import StoppedClock
from lianxin.members.testing import Federation, federation
from lianxin.procedures import services
from lianxin.procedures.models import Dossier, Entry
from lianxin.procedures.rules.check import faults_of
from lianxin.procedures.rules.definition import (
    Confidentiality,
    Definition,
    FieldKind,
    Late,
    LateAction,
    StepKind,
)
from lianxin.procedures.rules.machine import Outcome, State
from lianxin.procedures.selectors.registry import answers_checks
from lianxin.procedures.services import AnswersError
from lianxin.procedures.testing import (
    OFFICERS,
    approve,
    definition_of,
    field_of,
    live_task,
    step_of,
    submitted,
    version_of,
)

SILENCE = [Late(action=LateAction.ESCALATE), Late(action=LateAction.GO_ON)]


def handshake(**given: Any) -> Definition:
    return definition_of(
        step_of("release", working_days=10, when_late=SILENCE),
        step_of("accept", StepKind.DECISION, at="union", working_days=10),
        fields=[field_of("union", FieldKind.ORGANISATION)],
        **given,
    )


@pytest.fixture
def people(db: None) -> Federation:
    return federation()


def asked(people: Federation) -> Dossier:
    return submitted(people, definition=handshake(), answers={"union": "JZ-BH-JW-001"})


def test_the_second_step_goes_to_the_union_named(people: Federation) -> None:
    dossier = asked(people)
    assert live_task(dossier).organisation.code == "JZ-JL-BC-001"
    dossier = approve(dossier, people.actor("wang"))
    assert live_task(dossier).organisation.code == "JZ-BH-JW-001"
    dossier = approve(dossier, people.actor("ma"))
    assert (dossier.state, dossier.outcome) == (State.CLOSED, Outcome.GRANTED)


def test_a_late_second_step_goes_up_the_line_of_the_union_named(
    people: Federation, clock: StoppedClock
) -> None:
    approve(asked(people), people.actor("wang"))
    clock.move(days=25)
    jobs.run_due(strict=True)
    task = live_task(Dossier.objects.get())
    assert task.is_escalated
    assert task.organisation.code in {"JZ-BH-JW", "JZ-BH", "JZ"}, "nobody of Lin's own line"


def test_silence_goes_up_once_and_then_is_a_yes(people: Federation, clock: StoppedClock) -> None:
    dossier = asked(people)
    clock.move(days=15)
    jobs.run_due(strict=True)
    task = live_task(dossier)
    assert (task.step_code, task.organisation.code) == ("release", "JZ-JL-BC")
    clock.move(days=8)
    jobs.run_due(strict=True)
    dossier.refresh_from_db()
    assert live_task(dossier).step_code == "accept"
    passed = Entry.objects.get(dossier=dossier, verb="approve")
    assert passed.actor_id is None


def test_whom_it_goes_to_stays_as_it_was_sent(people: Federation) -> None:
    dossier = asked(people)
    with pytest.raises(AnswersError) as refused:
        services.dossier_amend(
            actor=people.actor("lin"), dossier_id=dossier.pk, answers={"union": "JZ-BH"},
            papers={}, key="a", seen=None,
        )  # fmt: skip
    assert refused.value.field == "union"


def test_what_is_asked_once_stays_while_the_rest_may_be_amended(people: Federation) -> None:
    definition = definition_of(
        step_of("decide", StepKind.DECISION),
        fields=[field_of("what", FieldKind.TEXT, is_final=True), field_of("story", FieldKind.TEXT)],
    )
    dossier = submitted(people, definition=definition, answers={"what": "名字", "story": "旧"})
    given: dict[str, Any] = {
        "actor": people.actor("lin"),
        "dossier_id": dossier.pk,
        "papers": {},
        "seen": None,
    }
    with pytest.raises(AnswersError) as refused:
        services.dossier_amend(answers={"what": "生日", "story": "新"}, key="a", **given)
    assert list(refused.value.errors) == ["what"]
    services.dossier_amend(answers={"what": "名字", "story": "新"}, key="b", **given)
    assert Entry.objects.get(dossier=dossier, verb="amend").data == {"changed": ["story"]}


def test_a_case_begins_with_the_union_it_names(people: Federation) -> None:
    definition = definition_of(
        step_of("decide", StepKind.DECISION),
        fields=[field_of("union", FieldKind.ORGANISATION)],
        origin="union",
    )
    dossier = submitted(people, definition=definition, by="tang", answers={"union": "JZ-BH-JW-001"})
    assert dossier.organisation.code == "JZ-BH-JW-001"
    approve(dossier, people.actor("ma"))


def test_a_check_of_its_own_refuses_before_anything_is_kept(people: Federation) -> None:
    version = version_of(handshake(), code="test_own_check")
    answers_checks.fill("test_own_check", lambda _who, _values, _origin: {"union": "Not there."})
    with pytest.raises(AnswersError, match="Not there"):
        submitted(people, version=version, answers={"union": "JZ-BH-JW-001"})
    assert not Dossier.objects.exists()


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        (definition_of(step_of("a", at="nowhere")), "no field of kind organisation"),
        (definition_of(step_of("a", StepKind.DECISION, when_late=SILENCE)), "passes by itself"),
        (handshake(confidentiality=Confidentiality.SENSITIVE), "unsealed"),
        (definition_of(origin="story"), "no field of kind organisation"),
    ],
)
def test_an_impossible_handshake_is_told(definition: Definition, said: str) -> None:
    assert any(said in fault for fault in faults_of(definition, roles=OFFICERS))


def test_days_are_official_working_days(people: Federation, clock: StoppedClock) -> None:
    due = live_task(asked(people)).due_at
    assert due - clock.at == dt.timedelta(days=14, hours=8)
