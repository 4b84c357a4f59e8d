"""Shifts of helpers: several a day, never two at once, and the hours on nobody's page but hers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from lianxin.activities.models import Helped, Session
from lianxin.activities.services import session_call_off, sessions_forget
from lianxin.activities.services.terms import SessionTerms
from lianxin.activities.testing import activity_made
from lianxin.allocation.api import Claim, claim_cancel, claim_take
from lianxin.allocation.testing import ask_of
from lianxin.jobs.testing import settle
from lianxin.kit import clock as now
from lianxin.members.api import Person, privacy_erase, privacy_export
from lianxin.orgs.api import Actor

pytestmark = pytest.mark.django_db
PAGE = "activities:shifts"


def shift(hour: float, hours: float = 3, **more) -> SessionTerms:
    begins = now.now() + dt.timedelta(days=2, hours=hour)
    given: dict[str, Any] = {
        "starts_at": begins,
        "ends_at": begins + dt.timedelta(hours=hours),
        "capacity": 2,
    }
    return SessionTerms(**(given | more))


@pytest.fixture
def day(fed):
    """Three shifts one after the other, and a fourth across the first two."""
    return activity_made(
        fed.organisation("yangtze"),
        kind="volunteer",
        title="驿站志愿值守",
        times=[shift(0, label="上午班"), shift(3, label="下午班"), shift(6, 2.5, label="晚班"), shift(1, label="机动班")],
    )  # fmt: skip


def pool(activity, label: str):
    return activity.sessions.select_related("pool").get(label=label).pool


def sign_up(client, activity, label: str):
    taken = pool(activity, label)
    return client.post(reverse("allocation:take", args=[taken.pk]), {"key": f"form-{label}", "size": 1})  # fmt: skip


def labels(fed, who: str) -> set[str]:
    rows = Claim.objects.filter(account_id=fed.account_id(who), state="confirmed")
    return set(Session.objects.filter(pool__in=rows.values("pool")).values_list("label", flat=True))


def page(client) -> str:
    return str(client.get(reverse(PAGE)).content.decode())


def test_several_on_one_day_but_never_two_at_once(fed, day, as_person):
    lin = as_person("lin")
    for label in ("上午班", "下午班", "上午班"):
        assert sign_up(lin, day, label).status_code == 302
    refused = sign_up(lin, day, "机动班")
    assert refused.status_code == 409
    assert "这个时间您已经有一班了" in refused.content.decode()
    assert labels(fed, "lin") == {"上午班", "下午班"}, "one after the other is no overlap"
    assert sign_up(as_person("zhao"), day, "机动班").status_code == 302, "hers is free"
    for label in ("上午班", "下午班"):
        claim = Claim.objects.get(account_id=fed.account_id("lin"), pool=pool(day, label))
        claim_cancel(actor=fed.actor("lin"), claim_id=claim.pk)
    assert sign_up(lin, day, "机动班").status_code == 302, "given back, there is room"


def test_what_is_no_shift_may_overlap(fed, day, as_person):
    match = activity_made(fed.organisation("yangtze"), times=[shift(0, label="球赛")])
    lin = as_person("lin")
    assert sign_up(lin, day, "上午班").status_code == 302
    assert sign_up(lin, match, "球赛").status_code == 302


def test_her_hours_stand_on_her_page_and_on_nobody_elses(fed, day, as_person, clock):
    claim_take(ask_of(pool(day, "上午班"), fed.account_id("lin")))
    claim_take(ask_of(pool(day, "晚班"), fed.account_id("lin")))
    claim_take(ask_of(pool(day, "晚班"), fed.account_id("wang")))
    ahead = page(as_person("lin"))
    for said in ("上午班", "晚班", "2 小时 30 分"):
        assert said in ahead
    assert "的手，谢谢您" not in ahead
    clock.move(days=4)
    assert "5 小时 30 分" in page(as_person("lin"))
    clock.move(days=14)
    assert sessions_forget() == 4
    assert sessions_forget() == 0
    written = page(as_person("lin"))
    assert "5 小时 30 分" in written
    assert Helped.objects.filter(account_id=fed.account_id("lin")).count() == 2
    assert "2 小时 30 分" in page(as_person("wang"))
    assert "还没有排班" in page(as_person("zhao"))
    assert reverse(PAGE) in as_person("lin").get("/me/").content.decode()
    assert reverse(PAGE) not in as_person("zhao").get("/me/").content.decode()


def test_only_who_came_and_what_took_place_counts(fed, day, clock):
    for who in ("lin", "wang"):
        claim_take(ask_of(pool(day, "上午班"), fed.account_id(who)))
        claim_take(ask_of(pool(day, "下午班"), fed.account_id(who)))
    Claim.objects.filter(pool=pool(day, "上午班"), account_id=fed.account_id("lin")).update(used=1)
    session_call_off(actor=Actor.system(), session_id=day.sessions.get(label="下午班").pk, words="停电")  # fmt: skip
    settle()
    clock.move(days=18)
    sessions_forget()
    assert list(Helped.objects.values_list("account_id", "session__label", "minutes")) == [
        (fed.account_id("lin"), "上午班", 180)
    ]


def test_she_takes_one_out_takes_it_along_and_it_goes_with_her(fed, day, as_person, clock):
    for label in ("上午班", "晚班"):
        claim_take(ask_of(pool(day, label), fed.account_id("lin")))
    clock.move(days=18)
    sessions_forget()
    first = Helped.objects.get(session__label="上午班")
    drop = reverse("activities:shift_drop", args=[first.pk])
    assert as_person("zhao").post(drop).status_code == 302
    assert as_person("lin").get(drop).status_code == 405
    assert Helped.objects.count() == 2, "only she"
    for _twice in range(2):
        assert as_person("lin").post(drop).status_code == 302
    assert "上午班" not in page(as_person("lin"))
    part = next(one for key, one in privacy_export.items() if key == "activities")
    erase = next(one for key, one in privacy_erase.items() if key == "activities").erase
    lin = Person(account_id=fed.account_id("lin"), member_id=None)
    assert [row["minutes"] for row in part.read(lin) if "helped" in row] == ["150"]
    for _again in range(2):
        erase(lin)
    assert not Helped.objects.exists()


def test_her_page_is_light(fed, day, as_person, clock, django_assert_max_num_queries):
    for label in ("上午班", "下午班", "晚班"):
        claim_take(ask_of(pool(day, label), fed.account_id("lin")))
    lin = as_person("lin")
    lin.get(reverse(PAGE))
    with django_assert_max_num_queries(12):
        lin.get(reverse(PAGE))
