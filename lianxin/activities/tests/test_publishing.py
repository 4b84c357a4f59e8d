"""From a draft to what people see: who may, what must be said, a second look, calling off."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from lianxin.activities.events import ActivityPublished, SessionCalledOff, SessionChanged
from lianxin.activities.models import Activity, Session
from lianxin.activities.rules.states import State
from lianxin.activities.selectors.checking import faults_of
from lianxin.activities.services import (
    activity_ask,
    activity_call_off,
    activity_copy,
    activity_draft,
    activity_drop,
    activity_edit,
    activity_publish,
    activity_send_back,
    activity_take_back,
    cover_set,
    habit_set,
    session_call_off,
    session_change,
    session_drop,
    sessions_add,
    stops_set,
)
from lianxin.activities.services.terms import StopTerms, terms_of
from lianxin.activities.testing import (
    activity_made,
    draft_made,
    pool_of,
    session_of,
    terms_made,
    time_made,
)
from lianxin.allocation.api import Claim, Pool, admission_of, claim_take, recount_of
from lianxin.allocation.testing import ask_of
from lianxin.audit.api import AuditRow
from lianxin.files.api import StoredFile
from lianxin.files.testing import picture_upload
from lianxin.jobs.testing import events_told, settle
from lianxin.kit import clock as now
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.notify.testing import letters_to

pytestmark = pytest.mark.django_db


def test_a_draft_is_its_officers_alone_and_one_a_form(fed):
    union = fed.organisation("yangtze")
    made = [
        activity_draft(
            actor=fed.actor("wang"), organisation_id=union.pk, terms=terms_made(), key="k"
        )
        for _twice in range(2)
    ]
    assert made[0] == made[1]
    assert made[0].standing is State.DRAFT
    assert AuditRow.objects.filter(action="activity.drafted").count() == 1
    for who in ("lin", "zhao", "ma", "qian"):
        with pytest.raises(ForbiddenError):
            activity_draft(
                actor=fed.actor(who), organisation_id=union.pk, terms=terms_made(), key="z"
            )


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("title", {"title": "a"}), ("kind", {"kind": "war"}), ("most", {"group": "family", "least": 5, "most": 2}),
        ("cost_words", {"cost_fen": 3000}), ("cost_fen", {"cost_fen": 1_000_001, "cost_words": "a"}), ("rule", {"rule": "age >"}), ("latitude", {"latitude": 29}),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_at_its_field(fed, field, more):
    with pytest.raises(RefusedError) as refused:
        draft_made(fed.organisation("yangtze"), **more)
    assert refused.value.field == field
    assert not Activity.objects.exists()


def test_what_people_must_know_stands_there_before_they_see_it(fed):
    draft = draft_made(fed.organisation("yangtze"), times=[], words="", contact_phone="", place="")
    assert {one.field for one in faults_of(draft)} == {"times", "words", "contact_phone"}
    sessions_add(actor=fed.actor("wang"), activity_id=draft.pk, times=[time_made()])
    assert {one.field for one in faults_of(draft)} == {"words", "contact_phone", "place"}
    with pytest.raises(RefusedError):
        activity_publish(actor=fed.actor("wang"), activity_id=draft.pk)
    activity_edit(actor=fed.actor("wang"), activity_id=draft.pk, terms=terms_made())
    activity_publish(actor=fed.actor("wang"), activity_id=draft.pk)
    assert Activity.objects.get().standing is State.PUBLISHED


def test_publishing_opens_the_places_of_each_time_once(fed):
    union = fed.organisation("yangtze")
    times = [time_made(3), time_made(10), time_made(17, capacity=None)]
    draft = draft_made(
        union, times=times, group="family", most=4, audience="union", has_waitlist=False
    )
    for _twice in range(2):
        activity_publish(actor=fed.actor("wang"), activity_id=draft.pk)
    assert Pool.objects.count() == 2
    pool = Pool.objects.order_by("starts_at")[0]
    assert (pool.most, pool.audience, pool.waitlist, pool.capacity) == (4, "union", 0, 10)
    assert pool.closes_at == pool.starts_at
    assert Session.objects.filter(pool=None).count() == 1
    assert len(events_told(ActivityPublished)) == 1
    assert AuditRow.objects.filter(action="activity.published").count() == 1


def test_where_a_second_look_is_wanted_the_maker_asks_and_a_colleague_publishes(fed):
    union = fed.organisation("yangtze")
    habit_set(actor=fed.actor("wang"), organisation_id=union.pk, wants_second_look=True)
    draft = draft_made(union, actor=fed.actor("wang"))
    with pytest.raises(ForbiddenError):
        activity_publish(actor=fed.actor("wang"), activity_id=draft.pk)
    for _twice in range(2):
        activity_ask(actor=fed.actor("wang"), activity_id=draft.pk)
    # Wang is the only officer there: the level above is asked, once.
    assert [one.kind for one in letters_to(fed.account_id("sun"))] == ["activity.asked"]
    assert letters_to(fed.account_id("zhou")) == []
    sent = activity_send_back(
        actor=fed.actor("sun"), activity_id=draft.pk, words="请写明有没有台阶"
    )
    assert (sent.standing, sent.look_words) == (State.DRAFT, "请写明有没有台阶")
    assert [one.kind for one in letters_to(fed.account_id("wang"))] == ["activity.sent_back"]
    activity_ask(actor=fed.actor("wang"), activity_id=draft.pk)
    activity_publish(actor=fed.actor("sun"), activity_id=draft.pk)
    done = Activity.objects.get()
    assert (done.standing, done.published_by_id) == (State.PUBLISHED, fed.account_id("sun"))
    with pytest.raises(StaleError):
        activity_send_back(actor=fed.actor("sun"), activity_id=draft.pk, words="晚了")


def test_while_a_colleague_looks_it_stays_as_it_is(fed):
    wang = fed.actor("wang")
    draft = draft_made(fed.organisation("yangtze"), actor=wang)
    session = session_of(draft)
    activity_ask(actor=wang, activity_id=draft.pk)
    other = dataclasses.replace(terms_of(draft), words="换了。")
    for change in (
        lambda: activity_edit(actor=wang, activity_id=draft.pk, terms=other),
        lambda: sessions_add(actor=wang, activity_id=draft.pk, times=[time_made(9)]),
        lambda: session_change(actor=wang, session_id=session.pk, terms=time_made(9)),
        lambda: session_drop(actor=wang, session_id=session.pk),
        lambda: stops_set(actor=wang, activity_id=draft.pk, stops=[]),
        lambda: cover_set(actor=wang, activity_id=draft.pk, upload=picture_upload(), alt="球馆"),
    ):
        with pytest.raises(StaleError):
            change()
    activity_edit(actor=fed.actor("sun"), activity_id=draft.pk, terms=dataclasses.replace(other, words="改好一个字。"))  # fmt: skip
    with pytest.raises(ForbiddenError):
        activity_take_back(actor=fed.actor("sun"), activity_id=draft.pk)
    for _twice in range(2):
        assert activity_take_back(actor=wang, activity_id=draft.pk).standing is State.DRAFT
    activity_edit(actor=wang, activity_id=draft.pk, terms=other)
    assert Activity.objects.get().words == "换了。"
    activity_publish(actor=wang, activity_id=draft.pk)
    with pytest.raises(StaleError):
        activity_take_back(actor=wang, activity_id=draft.pk)


def test_who_had_a_place_of_this_activity_comes_after_those_who_never_had(fed, clock):
    union = fed.organisation("yangtze")
    other = activity_made(union, times=[time_made(2, closes_at=now.now() + dt.timedelta(days=1))])
    claim_take(ask_of(pool_of(other), fed.account_id("wang")))
    first = activity_made(union, is_first_timers_first=True)
    claim_take(ask_of(pool_of(first), fed.account_id("lin")))
    copy = activity_copy(actor=fed.actor("wang"), activity_id=first.pk, starts_on=now.today() + dt.timedelta(days=30), key="c")  # fmt: skip
    activity_publish(actor=fed.actor("wang"), activity_id=copy.pk)
    again = activity_copy(actor=fed.actor("wang"), activity_id=copy.pk, starts_on=now.today() + dt.timedelta(days=60), key="d")  # fmt: skip
    activity_publish(actor=fed.actor("wang"), activity_id=again.pk)
    for held in (copy, again):
        strata = {who: admission_of(pool_of(held), fed.account_id(who)).stratum for who in ("lin", "wang", "zhao")}  # fmt: skip
        assert strata == {"lin": 1, "wang": 0, "zhao": 0}


def test_what_people_relied_on_stays_and_a_changed_place_is_told(fed):
    activity = activity_made(fed.organisation("yangtze"), audience="members")
    other = dataclasses.replace(
        terms_of(activity),
        audience="everybody",
        place="二号馆",
        words="换了馆。",
        has_waitlist=False,
    )
    activity_edit(actor=fed.actor("wang"), activity_id=activity.pk, terms=other)
    after = Activity.objects.get()
    assert (after.audience, after.place, after.words) == ("members", "二号馆", "换了馆。")
    assert after.has_waitlist
    session = session_of(after)
    assert [one["name"] for one in session.changed] == ["place"]
    assert session.pool.place == "二号馆"
    assert events_told(SessionChanged) == [{"session_id": str(session.pk), "revision": 1}]
    activity_edit(actor=fed.actor("wang"), activity_id=activity.pk, terms=terms_of(after))
    assert len(events_told(SessionChanged)) == 1, "the same again changes nothing"


def test_a_time_moves_with_its_places_and_never_below_what_is_held(fed):
    activity = activity_made(fed.organisation("yangtze"), times=[time_made(capacity=2)])
    session = session_of(activity)
    for who in ("lin", "zhao", "tang"):
        claim_take(ask_of(pool_of(activity), fed.account_id(who)))
    later = time_made(5, capacity=1)
    with pytest.raises(RefusedError) as refused:
        session_change(actor=fed.actor("wang"), session_id=session.pk, terms=later)
    assert refused.value.field == "capacity"
    session_change(actor=fed.actor("wang"), session_id=session.pk, terms=dataclasses.replace(later, capacity=3))  # fmt: skip
    session = session_of(activity)
    assert session.starts_at == later.starts_at == session.pool.starts_at
    assert {one["name"] for one in session.changed} == {"starts_at", "ends_at"}
    assert not Claim.objects.filter(state="waiting").exists(), "the added place was offered"
    assert recount_of(session.pool.pk).faults == []
    with pytest.raises(ForbiddenError):
        session_change(actor=fed.actor("ma"), session_id=session.pk, terms=later)


def test_what_is_called_off_drops_every_claim_once_and_says_why(fed):
    activity = activity_made(fed.organisation("yangtze"), times=[time_made(3), time_made(10)])
    session = session_of(activity)
    claim_take(ask_of(pool_of(activity), fed.account_id("lin")))
    settle()
    with pytest.raises(RefusedError):
        session_call_off(actor=fed.actor("wang"), session_id=session.pk, words="  ")
    for _twice in range(2):
        session_call_off(actor=fed.actor("wang"), session_id=session.pk, words="馆里停电")
    assert Claim.objects.get().state == "dropped"
    assert len(events_told(SessionCalledOff)) == 1
    settle()
    assert len(letters_to(fed.account_id("lin"))) == 1, "that it is off, and why"
    for _twice in range(2):
        activity_call_off(actor=fed.actor("wang"), activity_id=activity.pk, words="全部改到春天")
    assert Activity.objects.get().standing is State.OFF
    assert len(events_told(SessionCalledOff)) == 2
    with pytest.raises(StaleError):
        activity_edit(actor=fed.actor("wang"), activity_id=activity.pk, terms=terms_made())
    with pytest.raises(StaleError):
        sessions_add(actor=fed.actor("wang"), activity_id=activity.pk, times=[time_made(30)])


def test_nothing_opens_for_what_has_begun_nor_when_sign_up_is_over(fed, clock):
    wang = fed.actor("wang")
    begins = now.now() + dt.timedelta(hours=1)
    times = [time_made(1 / 24, hours=5), time_made(9, closes_at=begins)]
    draft = draft_made(fed.organisation("yangtze"), times=times)
    clock.move(hours=2)
    assert [one.field for one in faults_of(draft)] == ["closes_at"]
    with pytest.raises(RefusedError) as refused:
        activity_publish(actor=wang, activity_id=draft.pk)
    assert refused.value.field == "closes_at"
    late = draft.sessions.order_by("starts_at")[1]
    session_change(actor=wang, session_id=late.pk, terms=time_made(8))
    activity_publish(actor=wang, activity_id=draft.pk)
    assert Pool.objects.get().object_id == late.pk, "the one that has begun takes nobody any more"
    activity_edit(actor=wang, activity_id=draft.pk, terms=dataclasses.replace(terms_of(draft), place="二号馆"))  # fmt: skip
    assert Pool.objects.count() == 1


def test_a_draw_that_people_see_says_when_applying_ends(fed):
    wang = fed.actor("wang")
    ends = now.now() + dt.timedelta(days=1)
    draft = draft_made(fed.organisation("yangtze"), method="draw", times=[time_made(4)])
    session = session_of(draft)
    session_change(actor=wang, session_id=session.pk, terms=time_made(5, closes_at=ends))
    activity_publish(actor=wang, activity_id=draft.pk)
    for change in (
        lambda: sessions_add(actor=wang, activity_id=draft.pk, times=[time_made(9)]),
        lambda: session_change(actor=wang, session_id=session.pk, terms=time_made(9)),
    ):
        with pytest.raises(RefusedError) as refused:
            change()
        assert refused.value.field == "closes_at"
    sessions_add(actor=wang, activity_id=draft.pk, times=[time_made(9, closes_at=ends), time_made(10, capacity=None)])  # fmt: skip
    assert draft.sessions.count() == 3


def test_times_are_added_once_and_only_ahead(fed, clock):
    activity = activity_made(fed.organisation("yangtze"))
    twice = [time_made(8), time_made(8), time_made(9, label="晚班")]
    for _tap in range(2):
        sessions_add(actor=fed.actor("wang"), activity_id=activity.pk, times=twice)
    assert Session.objects.count() == 3
    assert Pool.objects.count() == 3
    clock.move(days=20)
    with pytest.raises(RefusedError):
        sessions_add(actor=fed.actor("wang"), activity_id=activity.pk, times=[time_made(-1)])


def test_a_copy_begins_where_the_last_time_ended(fed):
    old = activity_made(fed.organisation("yangtze"), kind="study_tour")
    cover_set(actor=fed.actor("wang"), activity_id=old.pk, upload=picture_upload(), alt="老厂门")
    stops_set(actor=fed.actor("wang"), activity_id=old.pk, stops=[StopTerms(title="老厂", after_minutes=0), StopTerms(title="展馆", after_minutes=60)])  # fmt: skip
    day = now.today() + dt.timedelta(days=40)
    for _twice in range(2):
        copy = activity_copy(actor=fed.actor("wang"), activity_id=old.pk, starts_on=day, key="copy")
    assert Activity.objects.count() == 2
    copy = Activity.objects.get(pk=copy.pk)
    assert (copy.title, copy.standing, copy.copied_from_id) == (old.title, State.DRAFT, old.pk)
    assert [stop.title for stop in copy.stops.order_by("number")] == ["老厂", "展馆"]
    assert copy.cover is not None
    assert copy.cover_id != Activity.objects.get(pk=old.pk).cover_id
    first, second = session_of(old), session_of(copy)
    assert second.starts_at.time() == first.starts_at.time()
    activity_drop(actor=fed.actor("wang"), activity_id=copy.pk)
    activity_drop(actor=fed.actor("wang"), activity_id=copy.pk)
    assert Activity.objects.count() == 1
    assert StoredFile.objects.filter(deleted_at=None).count() == 3, "the other one keeps its cover"


def test_what_was_seen_cannot_be_thrown_away(fed):
    activity = activity_made(fed.organisation("yangtze"))
    with pytest.raises(RefusedError):
        activity_drop(actor=fed.actor("wang"), activity_id=activity.pk)
    with pytest.raises(RefusedError):
        session_drop(actor=fed.actor("wang"), session_id=session_of(activity).pk)


def test_stops_stand_in_the_order_of_the_day(fed):
    draft = draft_made(fed.organisation("yangtze"))
    wang = fed.actor("wang")
    with pytest.raises(RefusedError):
        stops_set(actor=wang, activity_id=draft.pk, stops=[StopTerms(title="a", after_minutes=5), StopTerms(title="b", after_minutes=5)])  # fmt: skip
    stops_set(actor=wang, activity_id=draft.pk, stops=[StopTerms(title="二", after_minutes=90), StopTerms(title="一", after_minutes=0)])  # fmt: skip
    assert [one.title for one in draft.stops.order_by("number")] == ["一", "二"]


def test_a_cover_needs_words_and_is_painted_anew(fed):
    draft = draft_made(fed.organisation("yangtze"))
    wang = fed.actor("wang")
    with pytest.raises(RefusedError):
        cover_set(actor=wang, activity_id=draft.pk, upload=picture_upload(), alt=" ")
    with pytest.raises(RefusedError):
        cover_set(actor=wang, activity_id=draft.pk, upload=None, alt="球馆")
    cover_set(
        actor=wang, activity_id=draft.pk, upload=picture_upload(size=(2000, 1000)), alt="球馆"
    )
    cover = Activity.objects.get().cover
    assert (cover.width, cover.height, cover.alt) == (960, 480, "球馆")
    assert cover.small.size < 20_000
    cover_set(actor=wang, activity_id=draft.pk, upload=None, alt="球馆里")
    cover_set(actor=wang, activity_id=draft.pk, upload=picture_upload("#222222"), alt="夜里")
    assert StoredFile.objects.filter(deleted_at=None).count() == 3
