"""A dossier finds its way through all its steps."""

from __future__ import annotations

import pytest

from lianxin.jobs import api as jobs
from lianxin.members.testing import Federation
from lianxin.procedures.models import Entry, Payment, Task
from lianxin.procedures.rules.definition import Confidentiality, Gives, GivesKind, Routing, StepKind
from lianxin.procedures.rules.machine import Outcome, State
from lianxin.procedures.testing import definition_of, live_task, step_of, submitted, walk_dossier

pytestmark = pytest.mark.django_db


def test_a_dossier_goes_up_the_line_is_paid_and_closed(people: Federation) -> None:
    dossier = submitted(people)
    assert live_task(dossier).organisation == people.organisation("yangtze")
    done = walk_dossier(dossier)
    assert (done.state, done.outcome, done.amount_fen) == (State.CLOSED, Outcome.GRANTED, 50_000)
    assert [task.organisation.name for task in Task.objects.filter(dossier=done).order_by("opened_at")] == [
        "扬子机械厂工会", "嘉岭区总工会", "嘉州市总工会",
    ]  # fmt: skip
    assert Payment.objects.get(dossier=done).state == "paid"
    assert list(Entry.objects.filter(dossier=done).order_by("seq").values_list("seq", "verb")) == [
        (1, "submit"), (2, "approve"), (3, "approve"), (4, "approve"),
    ]  # fmt: skip
    jobs.run_due(strict=True)


def test_a_public_notice_runs_its_days_and_the_dossier_goes_on_by_itself(
    people: Federation,
) -> None:
    definition = definition_of(
        step_of("review"),
        step_of("show", StepKind.NOTICE, level="district"),
        step_of("decide", StepKind.DECISION, level="city"),
    )
    done = walk_dossier(submitted(people, definition=definition))
    assert done.outcome == Outcome.GRANTED


def test_counselling_gives_an_appointment(people: Federation) -> None:
    definition = definition_of(
        step_of("meet", StepKind.ACKNOWLEDGEMENT, level="city", roles=["counsellor"]),
        routing=Routing.SPECIALIST,
        confidentiality=Confidentiality.SEALED,
        gives=Gives(kind=GivesKind.APPOINTMENT),
    )
    dossier = submitted(people, definition=definition)
    assert live_task(dossier).assignee_id == people.account_id("fang")
    assert walk_dossier(dossier).state == State.CLOSED
