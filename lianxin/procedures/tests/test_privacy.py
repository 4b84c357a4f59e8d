"""A copy for the person, and what goes with her account."""

from __future__ import annotations

import datetime as dt
import json

from lianxin.kit.testing import StoppedClock
from lianxin.kit.transactions import atomic
from lianxin.members.api import Person
from lianxin.members.testing import Federation
from lianxin.procedures.models import Dossier
from lianxin.procedures.rules.definition import Confidentiality
from lianxin.procedures.rules.machine import Outcome, State
from lianxin.procedures.services.disposing import kept_for
from lianxin.procedures.services.privacy import (
    procedures_erase,
    procedures_export,
    procedures_holds,
)
from lianxin.procedures.testing import definition_of, step_of, submitted, walk_dossier


def person(people: Federation, key: str) -> Person:
    return Person(account_id=people.account_id(key), member_id=people.member_id(key))


def test_the_copy_holds_what_she_sent_opened_and_nothing_of_others(people: Federation) -> None:
    definition = definition_of(step_of("review"), confidentiality=Confidentiality.SENSITIVE)
    submitted(people, definition=definition, answers={"story": "家里困难"})
    submitted(people, by="zhao", answers={"story": "别人的"})
    copy = json.dumps(procedures_export(person(people, "lin")), ensure_ascii=False)
    assert "家里困难" in copy
    assert "别人的" not in copy


def test_closing_an_account_ends_what_runs_and_keeps_what_was_decided(people: Federation) -> None:
    decided = walk_dossier(submitted(people))
    running = submitted(people)
    for _ in range(2):
        with atomic():
            procedures_erase(person(people, "lin"))
    gone, kept = Dossier.objects.get(pk=running.pk), Dossier.objects.get(pk=decided.pk)
    assert (gone.state, gone.outcome, gone.applicant_id) == (State.CLOSED, Outcome.WITHDRAWN, None)
    assert kept.applicant_id == people.account_id("lin")


def test_what_stays_says_its_last_day_as_the_calendar_here_counts(
    people: Federation, clock: StoppedClock
) -> None:
    dossier = walk_dossier(submitted(people))
    Dossier.objects.filter(pk=dossier.pk).update(
        closed_at=dt.datetime(2026, 3, 31, 17, tzinfo=dt.UTC)  # 1 April, one in the morning
    )
    [hold] = procedures_holds(person(people, "lin"))
    assert hold.until is not None
    assert (hold.until - dt.date(2026, 4, 1)) == kept_for(Dossier.objects.get(pk=dossier.pk))
