"""Every page of activities in every look: readable, tappable, axe finds nothing, nothing runs over."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

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
from lianxin.ui.testing import Look, axe_violations, chromium, context_of, overflow, shot, too_small

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
    with stopped_clock(MONDAY):
        fed = federation()
        pages = _pages(fed)
        faults = []
        with chromium() as browser:
            for look in LOOKS:
                for key, paths in pages.items():
                    if key == "wang" and look not in DESK_LOOKS:
                        continue
                    context = context_of(browser, live_server.url, look)
                    if key:
                        context.add_cookies([_cookie(fed, key, live_server.url)])
                    page = context.new_page()
                    for name, path in paths.items():
                        page.goto(path, wait_until="networkidle")
                        faults += _faults(page, name, look)
                    context.close()
    assert not faults, "\n".join(faults)


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


def _cookie(fed, key: str, url: str) -> Any:
    client = Client()
    sign_in(client, fed.account(key))
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}


def _faults(page, name: str, look: Look) -> list[str]:
    at = f"{name} {look}"
    shot(page, f"{name}-{look}")
    found = [f"{at}: {one}" for one in axe_violations(page)]
    if overflow(page):
        found.append(f"{at}: {overflow(page)} px too wide")
    sizes = (60, 18) if look.size == "large" else (44, 12)
    return found + [f"{at}: {small}" for small in too_small(page, *sizes)]
