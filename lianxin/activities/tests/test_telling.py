"""Word goes out once to everybody it concerns: changes, the organiser’s own words, reminders."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from lianxin.activities import services
from lianxin.activities.models import Telling
from lianxin.activities.services import (
    activity_edit,
    session_call_off,
    session_change,
    telling_stop,
    word_send,
)
from lianxin.activities.services.terms import terms_of
from lianxin.activities.testing import activity_made, pool_of, session_of, time_made
from lianxin.allocation.api import Claim, claim_cancel, claim_take
from lianxin.allocation.testing import ask_of
from lianxin.audit.api import AuditRow
from lianxin.jobs.testing import crash_at, keys_waiting, settle
from lianxin.kit import clock as now
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.notify.testing import letters_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(fed):
    """A session in three days with two places: Lin and Wang have them, Zhao waits."""
    activity = activity_made(fed.organisation("yangtze"), times=[time_made(3, capacity=2)])
    for who in ("lin", "wang", "zhao"):
        claim_take(ask_of(pool_of(activity), fed.account_id(who)))
    settle()
    return activity


def kinds_to(fed, who: str) -> list[str]:
    return [one.kind for one in letters_to(fed.account_id(who)) if one.kind.startswith("activity.")]


def test_a_change_is_told_once_to_those_who_have_and_who_wait(fed, signed):
    session = session_of(signed)
    later = time_made(5, capacity=2)
    for _twice in range(2):
        session_change(actor=fed.actor("wang"), session_id=session.pk, terms=later)
        settle()
    for who in ("lin", "wang", "zhao"):
        assert kinds_to(fed, who) == ["activity.changed"]
    letter = letters_to(fed.account_id("lin"))[0]
    assert "11月26日" in letter.body, "what it was"
    assert "11月28日" in letter.body, "what it is"
    assert letter.url.endswith(f"/{session.pk}/")
    assert kinds_to(fed, "tang") == []


def test_who_gave_back_or_came_later_is_not_told(fed, signed, clock):
    claim_cancel(
        actor=fed.actor("lin"), claim_id=Claim.objects.get(account_id=fed.account_id("lin")).pk
    )
    activity_edit(
        actor=fed.actor("wang"),
        activity_id=signed.pk,
        terms=dataclasses.replace(terms_of(signed), place="二号馆"),
    )
    clock.move(minutes=1)
    claim_take(ask_of(pool_of(signed), fed.account_id("tang")))
    settle()
    assert (kinds_to(fed, "lin"), kinds_to(fed, "wang"), kinds_to(fed, "tang")) == (
        [],
        ["activity.changed"],
        [],
    )


def test_words_that_are_not_told_wake_nobody(fed, signed):
    activity_edit(
        actor=fed.actor("wang"),
        activity_id=signed.pk,
        terms=dataclasses.replace(terms_of(signed), words="改了几个字。"),
    )
    settle()
    assert kinds_to(fed, "lin") == []


def test_calling_off_says_why_once(fed, signed):
    session_call_off(actor=fed.actor("wang"), session_id=session_of(signed).pk, words="馆里停电")
    settle()
    letters = [one for one in letters_to(fed.account_id("lin")) if one.kind == "allocation.dropped"]
    assert len(letters) == 1
    assert "馆里停电" in letters[0].body
    assert kinds_to(fed, "lin") == []


def test_people_are_reminded_the_evening_before_and_in_the_morning(fed, signed, clock):
    # Thursday half past nine in Shanghai: reminded on Wednesday at six, and at eight.
    clock.set(dt.datetime(2026, 11, 25, 9, 59, tzinfo=dt.UTC))
    settle()
    assert kinds_to(fed, "lin") == []
    clock.move(minutes=2)
    settle()
    assert kinds_to(fed, "lin") == ["activity.day"]
    clock.set(dt.datetime(2026, 11, 26, 0, 1, tzinfo=dt.UTC))
    settle()
    assert sorted(kinds_to(fed, "lin")) == ["activity.day", "activity.hours"]
    assert kinds_to(fed, "zhao") == [], "who waits has nothing to go to"


def test_what_moved_is_reminded_of_at_its_new_time_alone(fed, signed, clock):
    session_change(
        actor=fed.actor("wang"), session_id=session_of(signed).pk, terms=time_made(6, capacity=2)
    )
    clock.set(dt.datetime(2026, 11, 26, 1, 0, tzinfo=dt.UTC))
    settle()
    assert kinds_to(fed, "lin") == ["activity.changed"]
    clock.set(dt.datetime(2026, 11, 28, 10, 1, tzinfo=dt.UTC))
    settle()
    assert sorted(kinds_to(fed, "lin")) == ["activity.changed", "activity.day"]
    session_call_off(actor=fed.actor("wang"), session_id=session_of(signed).pk, words="停电")
    clock.set(dt.datetime(2026, 11, 29, 0, 1, tzinfo=dt.UTC))
    settle()
    assert "activity.hours" not in kinds_to(fed, "lin")
    assert not [key for key in keys_waiting() if key.startswith("activities.remind")]


def test_an_organiser_writes_to_all_at_most_three_times_a_day(fed, signed, clock):
    session = session_of(signed)
    wang = fed.actor("wang")
    for number in range(3):
        for _twice in range(2):
            word_send(
                actor=wang,
                session_id=session.pk,
                words=f"第{number}条",
                whom="holding",
                key=f"k{number}",
            )
    assert AuditRow.objects.filter(action="activity.word_sent").count() == 3
    with pytest.raises(RefusedError):
        word_send(actor=wang, session_id=session.pk, words="再来", whom="holding", key="k9")
    settle()
    assert kinds_to(fed, "lin") == ["activity.word"] * 3
    assert kinds_to(fed, "zhao") == []
    clock.move(days=1, minutes=1)
    word_send(actor=wang, session_id=session.pk, words="都来", whom="living", key="k10")
    settle()
    assert kinds_to(fed, "zhao") == ["activity.word"]
    for who in ("ma", "lin"):
        with pytest.raises(ForbiddenError):
            word_send(
                actor=fed.actor(who), session_id=session.pk, words="啊", whom="living", key="z"
            )
    with pytest.raises(RefusedError):
        word_send(actor=wang, session_id=session.pk, words=" ", whom="living", key="z")
    session_call_off(actor=wang, session_id=session.pk, words="停电")
    with pytest.raises(StaleError):
        word_send(actor=wang, session_id=session.pk, words="补一句", whom="living", key="z")


def test_a_telling_that_was_cut_off_goes_on_behind_the_last(fed, signed, monkeypatch):
    monkeypatch.setattr(services.telling, "BATCH", 1)
    telling = word_send(actor=fed.actor("wang"), session_id=session_of(signed).pk, words="带水", whom="living", key="k")  # fmt: skip
    with crash_at(2):
        services.telling_run(telling.pk)
    first = Telling.objects.get()
    assert (first.told, first.finished_at) == (1, None)
    services.telling_run(telling.pk)
    done = Telling.objects.get()
    assert (done.told, done.finished_at) == (3, now.now())
    for who in ("lin", "wang", "zhao"):
        assert kinds_to(fed, who) == ["activity.word"]
    assert services.telling_run(telling.pk) == 0


def test_a_telling_can_be_stopped_by_whoever_arranges_it(fed, signed, monkeypatch):
    telling = word_send(actor=fed.actor("wang"), session_id=session_of(signed).pk, words="带水", whom="living", key="k")  # fmt: skip
    with pytest.raises(ForbiddenError):
        telling_stop(actor=fed.actor("ma"), telling_id=telling.pk)
    for _twice in range(2):
        telling_stop(actor=fed.actor("wang"), telling_id=telling.pk)
    settle()
    assert kinds_to(fed, "lin") == []


def test_a_reminder_of_nothing_is_none(fed, clock):
    activity = activity_made(fed.organisation("yangtze"), times=[time_made(0.3)])
    session = session_of(activity)
    at = session.starts_at.isoformat()
    assert (
        services.remind(
            session_id=session.pk, reminder="hours", starts_at="2020-01-01T00:00:00+00:00"
        )
        is None
    )
    clock.move(days=1)
    assert services.remind(session_id=session.pk, reminder="hours", starts_at=at) is None
