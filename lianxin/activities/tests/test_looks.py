"""Every page of activities in every look: readable, tappable, axe finds nothing, nothing runs over."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.activities.models import Activity
from lianxin.activities.services import cover_set, stops_set
from lianxin.activities.services.terms import StopTerms
from lianxin.activities.testing import (
    activity_made,
    draft_made,
    picture_upload,
    session_of,
    time_made,
)
from lianxin.kit.testing import stopped_clock
from lianxin.members.testing import federation
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
DESK_LOOKS = (LOOKS[1], LOOKS[4])


@pytest.mark.django_db(transaction=True)
def test_every_page_looks_right_in_every_look(live_server):
    """Takes half a minute: some twenty pages in five looks in a real browser."""
    with stopped_clock(MONDAY), chromium() as browser:
        fed = federation()
        addresses = _pages(fed)
        sessions = {who: _session(fed, who) for who in addresses}
        for look in LOOKS:
            with visits(browser, live_server.url, look) as page_of:
                for who, paths in addresses.items():
                    if who == "wang" and look not in DESK_LOOKS:
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
    draft = draft_made(union, actor=fed.actor("wang"), words="")
    session = session_of(tour)
    own = session_of(Activity.objects.filter(organisation=union).exclude(pk=draft.pk)[0])
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
    return {"": public, "lin": {"list-lin": public["list"]}, "wang": desk}


def _session(fed, key: str) -> str:
    if not key:
        return ""
    client = Client()
    sign_in(client, fed.account(key))
    return client.cookies[settings.SESSION_COOKIE_NAME].value
