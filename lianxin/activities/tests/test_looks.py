"""Every page of activities in every look: readable, tappable, axe finds nothing, nothing runs over."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.activities.models import Activity, AlbumPicture, Session
from lianxin.activities.rules.questions import Question
from lianxin.activities.services import cover_set, line_write, picture_hide, plan_publish, stops_set
from lianxin.activities.services.plans import LineTerms
from lianxin.activities.services.terms import StopTerms
from lianxin.activities.testing import (
    activity_made,
    album_made,
    asked_about,
    draft_made,
    pool_of,
    session_of,
    time_made,
)
from lianxin.allocation.api import claim_take
from lianxin.allocation.testing import ask_of
from lianxin.files.testing import picture_upload
from lianxin.kit.testing import stopped_clock
from lianxin.members.testing import federation, member_make
from lianxin.orgs.api import Actor
from lianxin.ui.testing import Look, chromium, fit_for_everyone, visits

pytestmark = pytest.mark.looks

MONDAY = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)
LOOKS = (
    Look(360),
    Look(360, "dark", "large"),
    Look(360, "light", "large", "en"),
    Look(1280, "dark"),
    Look(1280, "light", "normal", "en"),
)
OWN_LOOKS = (LOOKS[1], LOOKS[4])


@pytest.mark.django_db(transaction=True)
def test_every_page_looks_right_in_every_look(live_server):
    """Takes half a minute: some thirty pages in two to five looks in a real browser."""
    with stopped_clock(MONDAY), chromium() as browser:
        fed = federation()
        addresses = _pages(fed)
        sessions = {who: _session(fed, who) for who in addresses}
        for look in LOOKS:
            with visits(browser, live_server.url, look) as page_of:
                for who, paths in addresses.items():
                    if who and look not in OWN_LOOKS:
                        continue
                    page = page_of(sessions[who])
                    for name, path in paths.items():
                        page.goto(path)
                        fit_for_everyone(page, look, name)


def _pages(fed) -> dict[str, dict[str, str]]:
    union, city = fed.organisation("yangtze"), fed.organisation("city")
    system = Actor.system()
    for number in range(3):
        activity_made(union, title=f"晚饭后健步走 {number + 1}", district_code="JZ-JL", times=[time_made(2 + number, capacity=None)])  # fmt: skip
    tour = activity_made(
        city, kind="study_tour", title="工运研学：从老厂门到新车间", district_code="JZ-JL", times=[time_made(5, 7), time_made(12, 7)],
        group="family", most=4, cost_fen=3000, cost_words="午餐，现场交给餐厅", bring="好走的鞋、水",
        access="第二站有二十级台阶，可以在车上等。", latitude="29.563", longitude="106.551",
    )  # fmt: skip
    cover_set(actor=fed.actor("zhou"), activity_id=tour.pk, upload=picture_upload(), alt="老厂门")
    stops_set(
        actor=system,
        activity_id=tour.pk,
        stops=[
            StopTerms(title="老厂门", after_minutes=0, address="柳荫路 88 号", learnt="护厂的故事", latitude=Decimal("29.56"), longitude=Decimal("106.55")),
            StopTerms(title="技师工作室", after_minutes=90, stay_minutes=60, learnt="一把锉刀能有多准"),
        ],
    )  # fmt: skip
    unruled = session_of(activity_made(union, title="新年音乐会", method="draw", times=[time_made(40, closes_at=MONDAY + dt.timedelta(days=20))]))  # fmt: skip
    draft = draft_made(union, actor=fed.actor("wang"), words="")
    session = session_of(tour)
    own = session_of(
        Activity.objects.filter(organisation=union).exclude(pk__in=[draft.pk, unruled.activity_id])[
            0
        ]
    )
    public = {
        "list": reverse("activities:activity_list"),
        "list-empty": reverse("activities:activity_list") + "?q=没有的东西",
        "month": reverse("activities:activity_month"),
        "activity": reverse("activities:session", args=[tour.pk, session.pk]),
    }
    desk = {
        name: reverse(f"activities:{name}", args=[draft.pk] if needs else [])
        for name, needs in (("desk_list", 0), ("desk_new", 0), ("desk_write", 0), ("desk_activity", 1), ("desk_edit", 1), ("desk_who", 1), ("desk_questions", 1), ("desk_stops", 1), ("desk_times", 1), ("desk_cover", 1), ("desk_copy", 1), ("desk_back", 1), ("desk_off", 1))
    }  # fmt: skip
    desk |= {
        name: reverse(f"activities:{name}", args=[own.pk])
        for name in ("desk_session", "desk_change", "desk_session_off")
    }
    desk["desk_session-unruled"] = reverse("activities:desk_session", args=[unruled.pk])
    over, row = _over(fed)
    hers = {
        "activity-unruled": reverse("activities:activity", args=[unruled.activity_id]),
        "home-near": "/",
        "calendar": reverse("activities:calendar"),
        "shifts": reverse("activities:shifts"),
        "how": reverse("activities:how", args=[over.pk]),
        "album": reverse("activities:album", args=[over.pk]),
        "album_one": reverse("activities:album_one", args=[row.pk]),
    }
    line = line_write(
        actor=fed.actor("wang"), organisation_id=union.pk, year=2026, key="k",
        terms=LineTerms(month=11, title="秋夜读诗会", kind="culture", budget_fen=120_000, people=40, activity_id=over.activity_id),
    )  # fmt: skip
    plan_publish(actor=fed.actor("wang"), organisation_id=union.pk, year=2026, is_public=True)
    hers["union_plan"] = reverse("activities:union_plan", args=[union.code, 2026])
    desk |= {
        "desk_plan": reverse("activities:desk_plan"),
        "desk_plan_write": reverse("activities:desk_plan_write", args=[union.code, 2026]),
        "desk_plan_line": reverse("activities:desk_plan_line", args=[line.pk]),
        "desk_session-over": reverse("activities:desk_session", args=[over.pk]),
        "desk_album": reverse("activities:desk_album", args=[over.pk]),
    }
    called = activity_made(union, title="厂里亲子运动会", group="family", most=4, asks_ages=True, questions=(Question("bus", "在哪上车"),))  # fmt: skip
    gu = member_make("顾阿妹", union, serial=88)
    find = reverse("allocation:sign_up_find", args=[pool_of(called).pk])
    desk |= {"sign_up_find": f"{find}?q=顾", "sign_up": f"{find}{gu.pk}/"}
    match = activity_made(fed.organisation("riverside"), title="酒店职工乒乓球夜")
    claim_take(ask_of(pool_of(match), fed.account_id("zhao")))
    return {"": public, "lin": {"list-lin": public["list"]} | hers, "zhao": {"home-next": "/"}, "wang": desk}  # fmt: skip


def _over(fed) -> tuple[Session, AlbumPicture]:
    """An evening and a shift of last week: what five said, three pictures, one of them hidden."""
    wang, lin = fed.actor("wang"), fed.account_id("lin")
    with stopped_clock(MONDAY - dt.timedelta(days=6)) as hands:
        evening = activity_made(
            fed.organisation("yangtze"), title="秋夜读诗会", times=[time_made(1)]
        )
        shift = activity_made(fed.organisation("yangtze"), kind="volunteer", title="驿站志愿值守", times=[time_made(2, 2.5)])  # fmt: skip
        later = activity_made(fed.organisation("yangtze"), kind="volunteer", title="返乡列车服务队", times=[time_made(9)])  # fmt: skip
        for who in ("lin", "wang", "sun", "chen", "zhou", "ma"):
            claim_take(ask_of(pool_of(evening), fed.account_id(who)))
        claim_take(ask_of(pool_of(shift), lin))
        claim_take(ask_of(pool_of(later), fed.account_id("ma")))
        hands.move(days=3)
        said = zip(("wang", "sun", "chen", "zhou", "ma"), ("good", "good", "fair", "good", "poor"), strict=True)  # fmt: skip
        asked_about(evening, {fed.account_id(who): (word, "座位再多摆十把") for who, word in said})
        album_made(evening, [picture_upload(one) for one in ("#b8c4a0", "#c4a0a8", "#a0b0c4")], actor=wang, alt="大家围着灯读诗")  # fmt: skip
        first, second = AlbumPicture.objects.order_by("added_at", "pk")[:2]
        picture_hide(actor=fed.actor("ma"), account_id=fed.account_id("ma"), album_id=second.pk)
    return session_of(evening), first


def _session(fed, key: str) -> str:
    if not key:
        return ""
    client = Client()
    sign_in(client, fed.account(key))
    return client.cookies[settings.SESSION_COOKIE_NAME].value
