"""First the rule, then people: nobody applies before the rule of a draw is published, and who owes it is reminded."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.allocation.models import Draw, LedgerLine, Pool
from lianxin.allocation.models.pool import unruled
from lianxin.allocation.rules.claims import Fault, State
from lianxin.allocation.services import claim_take, pool_call_off, pool_change, pool_open
from lianxin.allocation.services.drawing import draw_plan
from lianxin.allocation.testing import ask_of, terms_of
from lianxin.allocation.testing.draws import draw_published, drawn_pool, plan_for
from lianxin.allocation.tests.test_draw_life import NOON, apply, published, watchers
from lianxin.jobs.testing import run_periodic
from lianxin.kit.errors import RefusedError
from lianxin.kit.ids import new_id
from lianxin.kit.testing import stopped_clock
from lianxin.notify.testing import letters_to

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
COUNT = '<span class="count tnum">'


@pytest.fixture
def clock():
    with stopped_clock(NOON) as hands:
        yield hands


def page_of(fed, who: str, address: str) -> str:
    client = Client()
    if who:
        sign_in(client, fed.account(who))
    return client.get(address).content.decode()


def closes_later(fed, pool: Pool, by: dt.timedelta) -> None:
    same = {name: getattr(pool, name) for name in ("opens_at", "starts_at", "ends_at")}
    terms = terms_of(pool.capacity, closes_at=pool.closes_at + by, **same)
    pool_change(actor=fed.actor("wang"), pool_id=pool.pk, terms=terms)
    pool.refresh_from_db()


def test_lists_and_a_pool_itself_mean_the_same_by_a_missing_rule(fed):
    told = {"ruled_at": NOON, "drawn_at": NOON}
    for method in Pool.Method:
        for names in ((), ("ruled_at",), ("drawn_at",), tuple(told)):
            made = drawn_pool(fed.organisation("yangtze"))
            columns = {name: told[name] if name in names else None for name in told}
            Pool.objects.filter(pk=made.pk).update(method=method, **columns)
    meant = {one.pk for one in Pool.objects.all() if one.is_unruled}
    assert len(meant) == 1
    assert set(Pool.objects.filter(unruled()).values_list("pk", flat=True)) == meant
    lines = LedgerLine.objects.filter(unruled("pool__"))
    assert set(lines.values_list("pool_id", flat=True)) == meant


def test_nobody_applies_before_the_rule_is_published(fed, clock):
    pool = drawn_pool(fed.organisation("yangtze"))
    address = reverse("allocation:pool", args=[pool.pk])
    for who in ("lin", "zhao"):
        taken = claim_take(ask_of(pool, fed.account_id(who)))
        assert (taken.claim, taken.fault) == (None, Fault.EARLY)
    for who in ("", "lin"):
        page = page_of(fed, who, address)
        assert "还没开始：抽签规则还没有公布" in page
        assert "data-rush" not in page
    state = Client().get(reverse("allocation:pool_state", args=[pool.pk])).json()
    assert state["phase"] == "early"
    draw_plan(actor=fed.actor("wang"), pool_id=pool.pk, plan=plan_for(pool, watchers(fed)))
    assert claim_take(ask_of(pool, fed.account_id("lin"))).fault is Fault.EARLY, "a plan is no rule"
    Draw.objects.all().delete()
    draw_published(pool, watchers(fed))
    assert "data-rush" in page_of(fed, "lin", address)
    assert apply(pool, fed, "lin").standing is State.APPLIED


def test_a_list_that_closed_without_a_rule_names_the_way_out(fed, clock):
    pool = drawn_pool(fed.organisation("yangtze"))
    plan = plan_for(pool, watchers(fed))
    clock.move(days=1, minutes=1)
    with pytest.raises(RefusedError) as refused:
        draw_plan(actor=fed.actor("wang"), pool_id=pool.pk, plan=plan)
    assert "推迟报名截止时间" in refused.value.message
    client = Client()
    sign_in(client, fed.account("wang"))
    sent = {"commit_until": "2026-11-26T12:00", "reveal_until": "2026-11-27T12:00", "known_at": "2026-11-27T20:00", "source": "drand"}  # fmt: skip
    for number, who in enumerate(("qian", "luo", "ma", "fang"), 1):
        sent |= {f"person{number}": who, f"capacity{number}": "监督委员会"}
    told = client.post(reverse("allocation:draw_plan", args=[pool.pk]), sent).content.decode()
    assert "推迟报名截止时间" in told, "its form has no field of that moment, so it stands on top"
    closes_later(fed, pool, 2 * DAY)
    draw_published(pool, watchers(fed))
    assert apply(pool, fed, "lin").standing is State.APPLIED


def test_who_arranges_it_is_reminded_until_the_rule_is_out_and_nobody_else(fed, clock):
    ends = NOON + 5 * DAY
    pool = drawn_pool(
        fed.organisation("yangtze"), opens_at=NOON + DAY, closes_at=ends, starts_at=ends + 20 * DAY, ends_at=ends + 21 * DAY,
    )  # fmt: skip
    published(fed)  # this one has its rule
    told = []
    for hours in (0, 24, 73, 120):
        clock.set(NOON + dt.timedelta(hours=hours))
        for _twice in range(2):
            run_periodic("allocation.remind_rules")
        told.append(len([one for one in letters_to(fed.account_id("wang")) if "抽签" in one.title + one.body]))  # fmt: skip
    assert told == [1, 2, 3, 4], (
        "before it opens, when it opens, two days before its end, at its end"
    )
    for who in ("lin", "sun", "zhou", "ma", "qian"):
        assert not [one for one in letters_to(fed.account_id(who)) if pool.title in one.title and "规则" in one.title]  # fmt: skip
    pool_call_off(actor=fed.actor("wang"), pool_id=pool.pk)
    clock.move(hours=1)
    run_periodic("allocation.remind_rules")
    assert (
        len([one for one in letters_to(fed.account_id("wang")) if "没人报得了名" in one.title]) == 1
    )


def test_however_many_wait_for_a_rule_the_last_one_is_reminded_of_too(fed, clock):
    last = drawn_pool(fed.organisation("yangtze"), title="最后一个")
    same = {one.attname: getattr(last, one.attname) for one in Pool._meta.concrete_fields}
    sooner = same | {"title": "更早的", "closes_at": last.closes_at - dt.timedelta(hours=1)}
    Pool.objects.bulk_create(Pool(**sooner | {"id": new_id(), "object_id": new_id()}) for _each in range(205))  # fmt: skip
    run_periodic("allocation.remind_rules")
    assert [one for one in letters_to(fed.account_id("wang")) if "最后一个" in one.title]


def test_the_desk_counts_what_waits_for_a_rule_and_shows_how_far_each_draw_is(fed, clock):
    pool = drawn_pool(fed.organisation("yangtze"), title="还没有规则的")
    published(fed, title="已经公布的")
    page = page_of(fed, "wang", reverse("allocation:pool_list"))
    rows = {title: row for title in ("还没有规则的", "已经公布的") for row in page.split("<li>") if title in row}  # fmt: skip
    assert "还没有规则</span>" in rows["还没有规则的"]
    assert "报名" in rows["已经公布的"]
    assert COUNT in page.split("/desk/places/", 1)[1][:600]
    draw_published(pool, watchers(fed))
    page = page_of(fed, "wang", reverse("allocation:pool_list"))
    assert COUNT not in page.split("/desk/places/", 1)[1][:600]


def test_who_had_none_before_comes_first_only_within_a_series(fed, clock):
    """Without a series it would be of anything whatever that is in none."""
    terms = terms_of(2, strata=[{"days": 365}])
    with pytest.raises(RefusedError) as refused:
        pool_open(
            actor=fed.actor("wang"), organisation_id=fed.organisation("yangtze").pk, kind="trial",
            object_id=new_id(), terms=terms,
        )  # fmt: skip
    assert refused.value.field == "strata"
    assert not Pool.objects.exists()
