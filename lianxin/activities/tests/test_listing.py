"""The list, the month, the calendars: who sees what, near whom, and how many queries it takes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.activities.models import Session
from lianxin.activities.rules.month import Month, When
from lianxin.activities.selectors import listing
from lianxin.activities.selectors.listing import Wanted
from lianxin.activities.services import activity_call_off, cover_set, session_call_off, stops_set
from lianxin.activities.services.terms import StopTerms
from lianxin.activities.testing import (
    activity_made,
    draft_made,
    pool_of,
    session_of,
    time_made,
)
from lianxin.allocation.api import claim_take
from lianxin.allocation.testing import ask_of
from lianxin.files.testing import picture_upload
from lianxin.orgs.api import Actor

pytestmark = pytest.mark.django_db
LIST = "activities:activity_list"


def titles(reader, **wanted) -> list[str]:
    page = listing.session_page(reader, Wanted(**wanted), None)
    return [one.activity.title for one in page.rows]


@pytest.fixture
def town(fed):
    activity_made(
        fed.organisation("yangtze"), title="厂里打球", district_code="JZ-JL", is_public=False
    )
    activity_made(
        fed.organisation("jialing"),
        title="区里讲座",
        kind="lecture",
        district_code="JZ-JL",
        times=[time_made(5)],
    )
    activity_made(
        fed.organisation("riverside"), title="酒店联欢", district_code="JZ-BH", times=[time_made(6)]
    )
    activity_made(
        fed.organisation("city"), title="全市健步走", times=[time_made(40, capacity=None)]
    )
    draft_made(fed.organisation("city"), title="还没写好")
    return fed


def test_each_sees_what_is_hers_and_what_is_public(town):
    lin, zhao = (listing.reader_of(town.actor(key)) for key in ("lin", "zhao"))
    visitor = listing.reader_of(Actor())
    assert titles(lin) == ["厂里打球", "区里讲座", "全市健步走"]
    assert titles(zhao) == ["酒店联欢", "全市健步走"]
    assert titles(zhao, near="all") == ["区里讲座", "酒店联欢", "全市健步走"]
    assert titles(visitor) == ["区里讲座", "酒店联欢", "全市健步走"]
    assert titles(zhao, near="JZ-JL") == ["区里讲座", "全市健步走"]
    assert titles(lin, mine=True) == ["厂里打球", "区里讲座", "全市健步走"]
    assert titles(zhao, mine=True) == ["酒店联欢", "全市健步走"]
    assert titles(visitor, mine=True) == []


def test_a_list_narrows_by_days_kind_words_and_free_places(town, clock):
    lin = listing.reader_of(town.actor("lin"))
    assert titles(lin, when=When.WEEKEND) == ["区里讲座"], "Monday and five days: Saturday"
    assert titles(lin, when=When.TODAY) == []
    assert titles(lin, when=When.WEEK) == ["厂里打球", "区里讲座"]
    assert titles(lin, kind="lecture") == ["区里讲座"]
    for typed in ("讲座", "jiangzuo", "JIANGZUO", "沙龙", "区里 讲座", "北苍街道"):
        assert "区里讲座" in titles(lin, typed=typed), typed
    assert titles(lin, typed="没有的") == []
    assert titles(lin, day=dt.date(2026, 11, 28)) == ["区里讲座"]
    full = pool_of(
        activity_made(town.organisation("yangtze"), title="满了", times=[time_made(2, capacity=1)])
    )
    claim_take(ask_of(full, town.account_id("zhou")))
    assert "满了" in titles(lin)
    assert "满了" not in titles(lin, free=True)
    assert "全市健步走" in titles(lin, free=True)


def test_a_series_stands_once_by_its_next_time(town, clock):
    lin = listing.reader_of(town.actor("lin"))
    weekly = activity_made(town.organisation("jialing"), title="每周一练", times=[time_made(1 + 7 * n) for n in range(6)])  # fmt: skip
    assert titles(lin).count("每周一练") == 1
    first = listing.session_page(lin, Wanted(typed="每周一练"), None).rows[0]
    assert first == session_of(weekly)
    session_call_off(actor=Actor.system(), session_id=first.pk, words="停电")
    second = listing.session_page(lin, Wanted(typed="每周一练"), None).rows[0]
    assert second.starts_at - first.starts_at == dt.timedelta(days=7)
    sheet = listing.sheet_of(lin, Wanted(typed=""), Month(2026, 12))
    assert sum(one.activity_id == weekly.pk for rows in sheet.days.values() for one in rows) == 5
    activity_call_off(actor=Actor.system(), activity_id=weekly.pk, words="不办了")
    assert "每周一练" not in titles(lin)


def test_what_is_over_is_gone_from_the_list_but_not_from_its_address(town, clock, client):
    lin = listing.reader_of(town.actor("lin"))
    talk = next(one for one in Session.objects.all() if one.activity.title == "区里讲座")
    clock.move(days=6)
    assert "区里讲座" not in titles(lin)
    page = client.get(reverse("activities:session", args=[talk.activity_id, talk.pk]))
    assert page.status_code == 200
    assert page.context["page"].free.words


def test_pages_are_turned_without_losing_or_doubling_any(fed):
    for number in range(45):
        activity_made(
            fed.organisation("city"), title=f"第{number:02d}场", times=[time_made(1 + number % 7)]
        )
    visitor = listing.reader_of(Actor())
    seen, after = [], None
    while after != "":
        page = listing.session_page(visitor, Wanted(), after)
        seen += [one.pk for one in page.rows]
        after = page.next_token
    assert len(seen) == len(set(seen)) == 45


def test_a_list_and_an_activity_take_few_queries(
    town, as_person, django_assert_max_num_queries, client
):
    with django_assert_max_num_queries(2):
        client.get(reverse(LIST))
    with django_assert_max_num_queries(2):
        client.get(reverse("activities:activity_month"))
    lin = as_person("lin")
    lin.get(reverse(LIST))
    # Beyond the session and the account: her posts, her entry on the roll, the list, the districts.
    with django_assert_max_num_queries(6):
        lin.get(reverse(LIST))
    talk = next(one for one in Session.objects.all() if one.activity.title == "区里讲座")
    with django_assert_max_num_queries(4):
        client.get(reverse("activities:activity", args=[talk.activity_id]))


def test_a_page_is_there_for_those_it_is_for(town, as_person):
    closed = next(one for one in Session.objects.all() if not one.activity.is_public)
    draft = draft_made(town.organisation("yangtze"))
    for address in (
        reverse("activities:session", args=[closed.activity_id, closed.pk]),
        reverse("activities:activity", args=[closed.activity_id]),
        reverse("activities:session_ics", args=[closed.pk]),
    ):
        assert as_person("lin").get(address).status_code == 200
        assert as_person("wang").get(address).status_code == 200
        assert as_person("zhao").get(address).status_code == 404
        assert Client().get(address).status_code == 404
        assert as_person("lin").post(address).status_code == 405
    address = reverse("activities:activity", args=[draft.pk])
    assert [as_person(who).get(address).status_code for who in ("wang", "sun", "lin", "zhao")] == [200, 200, 404, 404]  # fmt: skip


def test_a_page_says_who_how_what_it_costs_and_whom_to_call(fed, client):
    activity = activity_made(
        fed.organisation("yangtze"), audience="union", group="family", most=4, cost_fen=3000,
        cost_words="午餐，现场交给餐厅", bring="水", access="没有台阶", latitude="29.5", longitude="106.5",
    )  # fmt: skip
    stops_set(actor=Actor.system(), activity_id=activity.pk, stops=[StopTerms(title="老厂门", after_minutes=30, learnt="护厂的故事")])  # fmt: skip
    page = client.get(reverse("activities:activity", args=[activity.pk])).content.decode()
    for said in (
        "扬子机械厂工会",
        "30",
        "午餐，现场交给餐厅",
        "没有台阶",
        "tel:023-1235-1001",
        "geo:29.5",
        "老厂门",
        "护厂的故事",
    ):
        assert said in page, said
    assert "<script" not in page.split("<main", 1)[1]


def test_typed_words_never_become_markup(fed, client):
    activity = activity_made(
        fed.organisation("yangtze"),
        words="<b>好</b>\n- <script>alert(1)</script>",
        title="<i>球</i>",
    )
    page = client.get(reverse("activities:activity", args=[activity.pk])).content.decode()
    assert "<b>好" not in page
    assert "<script>alert" not in page
    assert "&lt;i&gt;球" in page


def test_a_cover_is_sent_small_and_kept(fed, client, as_person):
    activity = activity_made(fed.organisation("yangtze"))
    cover_set(actor=fed.actor("wang"), activity_id=activity.pk, upload=picture_upload(), alt="球馆")
    activity.refresh_from_db()
    small = client.get(reverse("activities:picture", args=[activity.cover_id, "small"]))
    assert (small.status_code, small["Content-Type"]) == (200, "image/jpeg")
    assert "public" in small["Cache-Control"]
    assert len(small.content) < 20_000
    assert (
        client.get(reverse("activities:picture", args=[activity.cover_id, "large"])).status_code
        == 404
    )
    closed = activity_made(fed.organisation("yangtze"), is_public=False)
    cover_set(actor=fed.actor("wang"), activity_id=closed.pk, upload=picture_upload(), alt="球馆")
    closed.refresh_from_db()
    address = reverse("activities:picture", args=[closed.cover_id, "small"])
    assert client.get(address).status_code == as_person("zhao").get(address).status_code == 404
    assert "private" in as_person("lin").get(address)["Cache-Control"]


def test_calendars_are_taken_along(town, client, clock):
    talk = next(one for one in Session.objects.all() if one.activity.title == "区里讲座")
    one = client.get(reverse("activities:session_ics", args=[talk.pk]))
    assert one["Content-Type"].startswith("text/calendar")
    assert "attachment" in one["Content-Disposition"]
    feed = client.get(reverse("activities:union_feed", args=["JZ-JL"])).content.decode()
    assert "区里讲座" in feed
    assert "厂里打球" not in feed, "members only: not in a public calendar"
    assert "酒店联欢" not in feed
    assert "酒店联欢" in client.get(reverse("activities:union_feed", args=["JZ"])).content.decode()
    session_call_off(actor=Actor.system(), session_id=talk.pk, words="讲师病了")
    feed = client.get(reverse("activities:union_feed", args=["JZ-JL"])).content.decode()
    assert "STATUS:CANCELLED" in feed
    assert client.get(reverse("activities:union_feed", args=["NO"])).status_code == 404


@pytest.mark.parametrize(
    "typed",
    [{"near": "x" * 99}, {"near": "a\0b"}, {"day": "0001-01-01"}, {"day": "9999-12-31"}, {"day": "1999-12-31"}, {"when": "never"}, {"day": "2026-02-30"}, {"kind": "war"}, {"q": "%_'\""}, {"after": "junk"},
     {"month": "2026-99"}, {"free": "yes"}],
)  # fmt: skip
def test_nonsense_in_an_address_shows_a_page(town, client, typed):
    assert client.get(reverse(LIST), typed).status_code == 200
    assert client.get(reverse("activities:activity_month"), typed).status_code == 200
