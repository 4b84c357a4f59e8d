"""The yearly plan of a union: written, copied, compared with what was held, published only where it is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.activities.models import PlanLine, YearPlan
from lianxin.activities.selectors.plans import plan_page
from lianxin.activities.services import (
    line_change,
    line_write,
    plan_copy,
    plan_publish,
    sessions_forget,
)
from lianxin.activities.services.plans import LineTerms
from lianxin.activities.testing import activity_made, draft_made, pool_of, session_of, time_made
from lianxin.allocation.api import Claim, claim_take
from lianxin.allocation.testing import ask_of
from lianxin.audit.api import AuditRow
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.testing import stopped_clock

pytestmark = pytest.mark.django_db
PAGE = "activities:desk_plan"


def line_made(fed, title: str = "春季健步走", year: int = 2026, **more) -> PlanLine:
    given: dict[str, Any] = {
        "month": 4,
        "title": title,
        "kind": "sport",
        "budget_fen": 120_000,
        "people": 80,
    } | more
    union = fed.organisation("yangtze")
    return line_write(actor=fed.actor("wang"), organisation_id=union.pk, year=year, terms=LineTerms(**given), key=f"{title}-{year}")  # fmt: skip


def write(fed, year: int = 2026) -> str:
    return str(reverse("activities:desk_plan_write", args=[fed.organisation("yangtze").code, year]))


def step(fed, year: int = 2026) -> str:
    return str(reverse("activities:desk_plan_step", args=[fed.organisation("yangtze").code, year]))


def public(fed, year: int = 2026) -> str:
    return str(reverse("activities:union_plan", args=[fed.organisation("yangtze").code, year]))


TYPED = {"title": "包粽子", "month": "6", "kind": "culture", "people": "60", "budget_fen": "800.50", "activity_id": "", "key": "one"}  # fmt: skip


def test_a_line_is_written_once_changed_and_taken_out(fed, as_person):
    wang = as_person("wang")
    for _twice in range(2):
        assert wang.post(write(fed), TYPED).status_code == 302
    line = PlanLine.objects.get()
    assert (line.month, line.budget_fen, line.people) == (6, 80_050, 60)
    page = wang.get(reverse(PAGE) + "?year=2026").content.decode()
    for said in ("包粽子", "800.50", "60"):
        assert said in page
    change = reverse("activities:desk_plan_line", args=[line.pk])
    assert wang.post(change, TYPED | {"title": "包粽子、编香囊"}).status_code == 302
    assert wang.post(change, TYPED | {"title": "", "budget_fen": "很多"}).status_code == 200
    assert PlanLine.objects.get().title == "包粽子、编香囊"
    drop = reverse("activities:desk_plan_drop", args=[line.pk])
    assert wang.get(drop).status_code == 405
    assert wang.post(drop).status_code == 302
    assert wang.post(drop).status_code == 404
    deeds = set(AuditRow.objects.filter(action__startswith="activity.plan").values_list("action", flat=True))  # fmt: skip
    assert deeds == {"activity.plan_line_written", "activity.plan_line_changed", "activity.plan_line_dropped"}  # fmt: skip


def test_only_whoever_arranges_there_plans(fed, as_person):
    line = line_made(fed)
    change = reverse("activities:desk_plan_line", args=[line.pk])
    for who, status in (("lin", 403), ("zhao", 403), ("ma", 404)):
        person = as_person(who)
        for address in (write(fed), change, reverse(PAGE) + f"?union={fed.organisation('yangtze').code}"):  # fmt: skip
            assert person.get(address).status_code == status
        assert person.post(step(fed), {"step": "publish"}).status_code == status
    with pytest.raises(ForbiddenError):
        line_change(actor=fed.actor("ma"), line_id=line.pk, terms=LineTerms(month=1, title="x", kind="sport"))  # fmt: skip
    assert as_person("sun").get(change).status_code == 200, "in reach, from above"
    assert PlanLine.objects.get().title == "春季健步走"


def test_what_was_held_and_how_many_came_stands_beside_what_was_planned(fed, as_person, clock):
    held = activity_made(fed.organisation("yangtze"), title="职工羽毛球友谊赛", times=[time_made(1, capacity=6)])  # fmt: skip
    besides = activity_made(fed.organisation("yangtze"), title="没列进计划的", times=[time_made(3)])
    for who in ("lin", "wang", "sun"):
        claim_take(ask_of(pool_of(held), fed.account_id(who)))
    line = line_made(fed, "羽毛球赛", month=11, activity_id=held.pk)
    line_made(fed, "春季健步走")
    clock.move(days=2)
    union = fed.organisation("yangtze")

    def came() -> int:
        return plan_page(union, 2026).came

    assert came() == 3, "nobody was seen at the door: those who had a place"
    Claim.objects.filter(account_id=fed.account_id("lin")).update(used=1)
    assert came() == 1
    page = as_person("wang").get(reverse(PAGE) + "?year=2026").content.decode()
    for said in ("羽毛球赛", "办过 1 场", "1 人来了", "没列进计划的", "计划外", "2,400", "160 人"):
        assert said in page
    clock.move(days=20)
    assert sessions_forget() == 2
    assert came() == 1, "the number stays when who it was is forgotten"
    with pytest.raises(RefusedError):
        line_made(fed, "两行一事", activity_id=held.pk)
    foreign = activity_made(fed.organisation("riverside"))
    for wrong in (foreign.pk,):
        with pytest.raises(RefusedError):
            line_change(actor=fed.actor("wang"), line_id=line.pk, terms=LineTerms(month=1, title="x", kind="sport", activity_id=wrong))  # fmt: skip
    assert session_of(besides).came == 0


def test_last_year_is_copied_as_a_draft_and_twice_is_once(fed, as_person):
    done = draft_made(fed.organisation("yangtze"), title="去年的", actor=fed.actor("wang"))
    line_made(fed, "春季健步走", year=2026, activity_id=done.pk)
    line_made(fed, "读书会", year=2026, month=9)
    wang = as_person("wang")
    for _twice in range(2):
        assert wang.post(step(fed, 2027), {"step": "copy"}).status_code == 302
    copied = PlanLine.objects.filter(plan__year=2027).order_by("month")
    assert [(one.title, one.month, one.budget_fen, one.activity_id, one.before_id) for one in copied] == [
        ("春季健步走", 4, 120_000, None, done.pk), ("读书会", 9, 120_000, None, None),
    ]  # fmt: skip
    page = wang.get(reverse(PAGE) + "?year=2027").content.decode()
    assert reverse("activities:desk_copy", args=[done.pk]) in page
    assert public(fed, 2027) not in page, "a draft"
    with pytest.raises(RefusedError):
        plan_copy(actor=fed.actor("wang"), organisation_id=fed.organisation("yangtze").pk, year=2030)  # fmt: skip


def test_everybody_reads_it_only_where_it_is_published_and_never_the_money(fed, as_person, client):
    private = activity_made(fed.organisation("yangtze"), title="厂里打球", is_public=False)
    open_one = activity_made(fed.organisation("yangtze"), title="开放的")
    line_made(fed, "打球", activity_id=private.pk)
    line_made(fed, "大家来", activity_id=open_one.pk)
    assert client.get(public(fed)).status_code == 404
    assert as_person("lin").get(public(fed)).status_code == 404
    wang = as_person("wang")
    assert wang.get(step(fed)).status_code == 405
    for _twice in range(2):
        assert wang.post(step(fed), {"step": "publish"}).status_code == 302
    assert AuditRow.objects.filter(action="activity.plan_published").count() == 1
    page = Client().get(public(fed)).content.decode()
    for said in ("打球", "大家来", "4月", reverse("activities:activity", args=[open_one.pk])):
        assert said in page
    for unsaid in ("1,200", "80 人", reverse("activities:activity", args=[private.pk])):
        assert unsaid not in page
    assert reverse("activities:activity", args=[private.pk]) in as_person("lin").get(public(fed)).content.decode()  # fmt: skip
    assert public(fed) in client.get(reverse("activities:activity", args=[open_one.pk])).content.decode()  # fmt: skip
    wang.post(step(fed), {"step": "withdraw"})
    assert client.get(public(fed)).status_code == 404
    with pytest.raises(RefusedError):
        plan_publish(actor=fed.actor("wang"), organisation_id=fed.organisation("yangtze").pk, year=2029, is_public=True)  # fmt: skip


def test_a_long_year_costs_few_queries(fed, as_person, django_assert_max_num_queries):
    for number in range(30):
        line_made(fed, f"第 {number} 件", month=number % 12 + 1)
    wang = as_person("wang")
    wang.get(reverse(PAGE) + "?year=2026")
    with django_assert_max_num_queries(16):
        assert "第 29 件" in wang.get(reverse(PAGE) + "?year=2026").content.decode()
    assert YearPlan.objects.count() == 1


def test_a_year_begins_at_midnight_in_the_city(fed):
    last_evening = dt.datetime(
        2026, 12, 31, 16, 30, tzinfo=dt.UTC
    )  # half past midnight on New Year's Day
    with stopped_clock(last_evening - dt.timedelta(days=3)):
        activity_made(fed.organisation("yangtze"), title="新年早跑", times=[time_made(3)])
    titles = [[row.title for month in plan_page(fed.organisation("yangtze"), year).months for row in month.rows] for year in (2026, 2027)]  # fmt: skip
    assert titles == [[], ["新年早跑"]]
