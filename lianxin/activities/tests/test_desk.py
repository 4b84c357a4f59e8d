"""The organiser's desk: an activity in three screens, its later pages, and who may open them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.activities.models import Activity, Session
from lianxin.activities.rules.states import State
from lianxin.activities.selectors.checking import wants_second_look
from lianxin.activities.selectors.showing import how_sentence
from lianxin.activities.services import activity_ask, habit_set
from lianxin.activities.testing import (
    activity_made,
    draft_made,
    pool_of,
    session_of,
    time_made,
)
from lianxin.allocation.testing.draws import draw_published
from lianxin.audit.api import AuditRow
from lianxin.files.testing import picture_upload
from lianxin.kit import clock as now
from lianxin.orgs.api import Actor

pytestmark = pytest.mark.django_db
NEW, WRITE, LIST = "activities:desk_new", "activities:desk_write", "activities:desk_list"


def typed(**more: str | list[str]) -> dict[str, str | list[str]]:
    """What Wang types on the second screen."""
    return {
        "key": "once", "title": "周末登山", "kind": "sport", "words": "慢慢走。", "place": "南山东门", "address": "",
        "district_code": "JZ-JL", "audience": "union", "method": "rush", "contact_name": "王建国",
        "contact_phone": "023-1235-1001", "is_public": "on", "on": "2026-11-28", "begins": "09:00", "ends": "12:00",
        "capacity": "20", "label": "", "until_on": "", "skips_holidays": "on", "opens_at": "", "closes_at": "",
        "bring": "", "access": "", "cost_fen": "", "cost_words": "", "latitude": "", "longitude": "",
    } | more  # fmt: skip


def test_an_activity_stands_after_three_screens(fed, as_person):
    wang = as_person("wang")
    first = wang.get(reverse(NEW)).content.decode()
    assert reverse(WRITE) in first
    second = wang.get(reverse(WRITE), {"union": "JZ-JL-BC-001", "template": "match"})
    assert second.context["form"].initial["words"].startswith("不比输赢")
    assert second.context["form"].initial["contact_name"] == "王建国"
    sent = wang.post(f"{reverse(WRITE)}?union=JZ-JL-BC-001&template=match", typed())
    made = Activity.objects.get()
    third = reverse("activities:desk_activity", args=[made.pk])
    assert sent.url == third
    assert 'name="step" value="publish"' in wang.get(third).content.decode()
    wang.post(reverse("activities:desk_step", args=[made.pk]), {"step": "publish", "key": "k"})
    made.refresh_from_db()
    assert made.standing is State.PUBLISHED
    session = session_of(made)
    assert session.starts_at.isoformat() == "2026-11-28T01:00:00+00:00", "nine in Shanghai"
    assert session.pool.capacity == 20


def test_a_double_tap_makes_one_draft_and_loses_nothing_on_a_mistake(fed, as_person):
    wang = as_person("wang")
    address = f"{reverse(WRITE)}?template=match"
    for _tap in range(2):
        wang.post(address, typed())
    assert Activity.objects.count() == Session.objects.count() == 1
    wrong = wang.post(address, typed(key="other", cost_fen="30", title="另一场"))
    assert wrong.status_code == 200
    assert wrong.context["form"].errors["cost_words"]
    assert "另一场" in wrong.content.decode()
    past = wang.post(address, typed(key="third", on="2026-11-20"))
    assert past.status_code == 200
    assert past.context["form"].errors or past.context["times"].errors
    assert Activity.objects.count() == 1


def test_every_week_until_a_day_without_the_holidays(fed, as_person, clock):
    clock.set(dt.datetime(2026, 1, 26, 1, tzinfo=dt.UTC))
    wang = as_person("wang")
    # The eve of the festival lasts from the 15th to the 23rd of February; the 14th and 28th are worked.
    answer = wang.post(
        reverse(WRITE),
        typed(on="2026-01-31", until_on="2026-03-07", closes_at="2026-01-30T18:00"),
        follow=True,
    )
    sessions = list(Session.objects.order_by("starts_at"))
    assert [one.starts_at.strftime("%m%d") for one in sessions] == ["0131", "0207", "0307"]
    assert {one.starts_at - one.closes_at for one in sessions if one.closes_at} == {
        dt.timedelta(hours=15)
    }
    said = [str(one) for one in answer.context["messages"]]
    assert any("2月21日" in one and "2月28日" in one for one in said)


def test_on_some_weekdays_of_every_second_week_each_opens_as_long_before(fed, as_person):
    as_person("wang").post(
        reverse(WRITE),
        typed(
            on="2026-11-30", until_on="2026-12-20", weekdays=["1", "4"], every="2",
            opens_at="2026-11-25T10:00", closes_at="2026-11-30T18:00",
        ),
    )  # fmt: skip
    sessions = list(Session.objects.order_by("starts_at"))
    assert [one.starts_at.strftime("%m%d") for one in sessions] == ["1201", "1204", "1215", "1218"]
    opens = [one.opens_at.strftime("%m%d %H:%M") for one in sessions if one.opens_at]
    assert opens == ["1125 02:00", "1128 02:00", "1209 02:00", "1212 02:00"]
    assert len({one.starts_at - one.closes_at for one in sessions if one.closes_at}) == 1


def test_weekdays_without_an_end_or_that_never_come_are_told(fed, as_person):
    for wrong, field in (
        ({"weekdays": ["1"]}, "until_on"),
        ({"weekdays": ["6"], "until_on": "2026-12-01", "on": "2026-11-30"}, "weekdays"),
        ({"weekdays": ["1"], "until_on": "2026-12-20", "on": "2026-11-30", "every": "9"}, "every"),
    ):
        answer = as_person("wang").post(reverse(WRITE), typed(**wrong))
        assert field in answer.context["times"].errors, wrong
    assert not Session.objects.exists()


def test_who_plans_beyond_the_announced_calendar_is_told(fed, as_person):
    answer = as_person("wang").post(
        reverse(WRITE), typed(on="2026-12-18", until_on="2027-01-08"), follow=True
    )
    assert any("2027" in str(one) for one in answer.context["messages"])


def test_the_desk_is_for_those_who_arrange_there(fed, as_person):
    activity = activity_made(fed.organisation("yangtze"))
    draft = draft_made(fed.organisation("yangtze"))
    session = session_of(activity)
    pages = [reverse(f"activities:desk_{one}", args=[draft.pk]) for one in ("activity", "edit", "who", "questions", "stops", "times", "cover", "copy", "back")]  # fmt: skip
    pages += [reverse("activities:desk_off", args=[activity.pk])]
    pages += [
        reverse(f"activities:desk_{one}", args=[session.pk])
        for one in ("session", "change", "session_off")
    ]
    people = {key: as_person(key) for key in ("wang", "sun", "zhou", "ma", "qian", "lin", "zhao")}
    for page in pages:
        for key, status in (("wang", 200), ("sun", 200), ("zhou", 200), ("ma", 404), ("qian", 404), ("lin", 403), ("zhao", 403)):  # fmt: skip
            assert people[key].get(page).status_code == status, (key, page)
        assert Client().get(page).status_code == 302
    for one in ("step",):
        address = reverse(f"activities:desk_{one}", args=[draft.pk])
        assert people["wang"].get(address).status_code == 405
        assert people["ma"].post(address, {"step": "publish"}).status_code == 404
    assert (
        people["wang"]
        .post(reverse("activities:desk_step", args=[draft.pk]), {"step": "fly"})
        .status_code
        == 404
    )
    draft.refresh_from_db()
    assert draft.standing is State.DRAFT


def test_an_officer_writes_only_for_unions_in_her_reach(fed, as_person):
    wang = as_person("wang")
    assert wang.get(reverse(WRITE), {"union": "JZ-BH-JW-001"}).status_code == 404
    assert wang.post(f"{reverse(WRITE)}?union=JZ-BH-JW-001", typed()).status_code == 404
    assert as_person("sun").get(reverse(WRITE), {"union": "JZ-JL-BC-001"}).status_code == 200
    assert not Activity.objects.exists()


def test_the_federation_sees_what_is_planned_below_without_a_name(fed, as_person):
    activity_made(fed.organisation("yangtze"), title="厂里打球")
    activity_made(fed.organisation("city"), title="全市健步走")
    zhou = as_person("zhou")
    assert "全市健步走" in zhou.get(reverse(LIST)).content.decode()
    below = zhou.get(reverse(LIST), {"view": "below"}).content.decode()
    assert "厂里打球" in below
    assert "全市健步走" not in below
    ma = as_person("ma").get(reverse(LIST), {"view": "below"}).content.decode()
    assert "厂里打球" not in ma


def test_the_desk_takes_few_queries(fed, as_person, django_assert_max_num_queries):
    for _number in range(12):
        activity_made(fed.organisation("yangtze"))
    wang = as_person("wang")
    wang.get(reverse(LIST))
    # The list and the drafts, and what the desk's bar asks for on each page.
    with django_assert_max_num_queries(16):
        wang.get(reverse(LIST))


def test_a_draw_shows_how_far_it_is_and_nobody_signs_up_before_its_rule(
    fed, as_person, django_assert_max_num_queries
):
    ends = now.now() + dt.timedelta(days=2)
    for number in range(12):
        made = activity_made(
            fed.organisation("yangtze"), title=f"抽签的第{number}场", method="draw",
            times=[time_made(20, closes_at=ends)],
        )  # fmt: skip
    session = session_of(made)
    wang, lin = as_person("wang"), as_person("lin")
    wang.get(reverse(LIST))
    with django_assert_max_num_queries(17):  # one more than without draws, however many
        page = wang.get(reverse(LIST)).content.decode()
    assert page.count("还没有规则</span>") == 12
    desk = reverse("activities:desk_session", args=[session.pk])
    plan = reverse("allocation:draw_plan", args=[session.pool_id])
    assert plan in wang.get(desk).content.decode()
    shown = reverse("activities:activity", args=[made.pk])
    assert "data-rush" not in lin.get(shown).content.decode()
    free = reverse("activities:activity_list") + "?free=1&near=all"
    assert "抽签的" not in lin.get(free).content.decode()
    watch = [fed.account(key) for key in ("qian", "luo", "ma", "fang")]
    draw_published(pool_of(made), watch)
    assert plan not in wang.get(desk).content.decode()
    assert wang.get(reverse(LIST)).content.decode().count("还没有规则</span>") == 11
    assert "data-rush" in lin.get(shown).content.decode()
    assert made.title in lin.get(free).content.decode()


@pytest.mark.parametrize(
    ("more", "said", "not_said"),
    [
        ({}, "候补", "近一年"),
        ({"is_first_timers_first": True}, "先问候补里近一年没得过名额的人", "优先"),
        ({"is_first_timers_first": True, "has_waitlist": False}, "满了为止", "近一年"),
        ({"has_waitlist": False}, "满了为止", "候补"),
        ({"method": "draw"}, "机会相同", "近一年"),
        ({"method": "draw", "is_first_timers_first": True}, "近一年没得过名额的优先", "机会相同"),
    ],
)
def test_how_places_are_given_is_said_as_it_is(fed, more, said, not_said):
    made = draft_made(fed.organisation("yangtze"), **more)
    sentence = how_sentence(made, None)
    assert (said in sentence, not_said in sentence) == (True, False), sentence


def test_a_union_has_a_second_person_look_by_one_tick(fed, as_person):
    wang = as_person("wang")
    address, union = reverse("activities:desk_habit"), fed.organisation("yangtze")
    page = wang.get(reverse(LIST)).content.decode()
    assert address in page
    assert "checked" not in page.split(address)[1]
    for _tap in range(2):
        assert wang.post(address, {"union": union.code, "wants": "1"}).status_code == 302
    assert "checked" in wang.get(reverse(LIST)).content.decode().split(address)[1]
    assert wants_second_look(union)
    for who, status in (("lin", 403), ("ma", 404), ("sun", 404), ("qian", 404)):
        assert as_person(who).post(address, {"union": union.code}).status_code == status, who
    assert wang.get(address).status_code == 405
    assert wants_second_look(union)
    wang.post(address, {"union": union.code})
    assert not wants_second_look(union)
    said = AuditRow.objects.filter(action="activity.habit_set").order_by("at", "id")
    assert [row.detail["wants_second_look"] for row in said] == [True, False]


def test_what_people_rely_on_has_no_page_any_more(fed, as_person):
    activity = activity_made(fed.organisation("yangtze"))
    for name in ("desk_who", "desk_questions"):
        address = reverse(f"activities:{name}", args=[activity.pk])
        assert as_person("wang").get(address).status_code == 404
        assert as_person("wang").post(address, {"group": "family"}).status_code == 404


def test_a_colleague_looks_and_a_remark_goes_back(fed, as_person):
    habit_set(
        actor=fed.actor("wang"),
        organisation_id=fed.organisation("yangtze").pk,
        wants_second_look=True,
    )
    draft = draft_made(fed.organisation("yangtze"), actor=fed.actor("wang"))
    wang, sun = as_person("wang"), as_person("sun")
    page = reverse("activities:desk_activity", args=[draft.pk])
    assert 'value="ask"' in wang.get(page).content.decode()
    assert 'value="publish"' not in wang.get(page).content.decode()
    step = reverse("activities:desk_step", args=[draft.pk])
    assert wang.post(step, {"step": "ask"}).status_code == 302
    assert reverse("activities:desk_edit", args=[draft.pk]) not in wang.get(page).content.decode()
    assert 'value="back"' not in sun.get(page).content.decode()
    assert wang.post(step, {"step": "back"}).status_code == 302
    assert reverse("activities:desk_edit", args=[draft.pk]) in wang.get(page).content.decode()
    activity_ask(actor=fed.actor("wang"), activity_id=draft.pk)
    assert 'value="back"' in wang.get(page).content.decode()
    shown = sun.get(page).content.decode()
    assert 'value="publish"' in shown
    sun.post(reverse("activities:desk_back", args=[draft.pk]), {"words": "请写明台阶"})
    assert "请写明台阶" in wang.get(page).content.decode()


def test_later_pages_write_what_they_show(fed, as_person):
    draft = draft_made(fed.organisation("yangtze"))
    wang = as_person("wang")

    def sent(page, **values):
        answer = wang.post(reverse(f"activities:desk_{page}", args=[draft.pk]), values)
        assert answer.status_code == 302, answer.context["form"].errors
        draft.refresh_from_db()

    sent(
        "who",
        group="family",
        least=1,
        most=4,
        asks_ages="on",
        has_waitlist="on",
        rule="",
    )
    assert (draft.group, draft.most, draft.asks_ages) == ("family", 4, True)
    blank = {"q-TOTAL_FORMS": "2", "q-INITIAL_FORMS": "0"}
    sent("questions", **blank, **{"q-0-label": "衣服尺码", "q-0-ask": "choice", "q-0-options": "M\nL\n", "q-1-label": "", "q-1-ask": "text"})  # fmt: skip
    assert [(one.code, one.options) for one in draft.asked] == [("q1", ("M", "L"))]
    refused = wang.post(
        reverse("activities:desk_questions", args=[draft.pk]),
        {**blank, "q-0-label": "您的身高", "q-0-ask": "text"},
    )
    assert refused.status_code == 200
    assert "looks, belief" in str(refused.context["form"].errors) or refused.context["form"].errors
    stops = {"s-TOTAL_FORMS": "2", "s-INITIAL_FORMS": "0"}
    sent("stops", **stops, **{"s-0-title": "老厂门", "s-0-at": "10:30", "s-1-title": "展馆", "s-1-at": "11:30", "s-1-stay_minutes": "45"})  # fmt: skip
    assert [(stop.title, stop.after_minutes, stop.stay_minutes) for stop in draft.stops.order_by("number")] == [("老厂门", 60, 30), ("展馆", 120, 45)]  # fmt: skip
    sent("times", on="2026-12-12", begins="09:00", ends="11:00", capacity="5", skips_holidays="on")
    assert draft.sessions.count() == 2
    sent("cover", upload=picture_upload(), alt="球馆")
    assert draft.cover.alt == "球馆"
    copied = wang.post(
        reverse("activities:desk_copy", args=[draft.pk]), {"on": "2026-12-20", "key": "c"}
    )
    assert copied.status_code == 302
    assert Activity.objects.count() == 2
    session = session_of(draft)
    assert wang.post(reverse("activities:desk_session_drop", args=[session.pk])).status_code == 302
    assert draft.sessions.count() == 1


def test_a_time_is_changed_and_called_off_from_its_page(fed, as_person):
    activity = activity_made(fed.organisation("yangtze"), times=[time_made(5)])
    session = session_of(activity)
    wang = as_person("wang")
    form = {
        "on": "2026-11-29",
        "begins": "14:00",
        "ends": "16:00",
        "capacity": "12",
        "label": "",
        "own_place": "二号馆",
    }
    assert wang.post(reverse("activities:desk_change", args=[session.pk]), form).status_code == 302
    session = session_of(activity)
    assert (session.capacity, session.place, session.revision) == (12, "二号馆", 1)
    off = reverse("activities:desk_session_off", args=[session.pk])
    assert wang.post(off, {"words": ""}).status_code == 200
    assert wang.post(off, {"words": "停电"}).status_code == 302
    assert session_of(activity).off_words == "停电"
    assert (
        wang.post(reverse("activities:desk_change", args=[session.pk]), form).status_code == 200
    ), "over is over"
    whole = reverse("activities:desk_off", args=[activity.pk])
    assert wang.post(whole, {"words": "都不办了"}).status_code == 302
    assert Activity.objects.get().standing is State.OFF


def test_the_system_may_arrange_where_no_officer_sits(fed):
    assert draft_made(fed.organisation("jiangwan"), actor=Actor.system()).made_by_id is None
