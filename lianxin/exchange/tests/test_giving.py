"""The officer who publishes vouchers says how they are given: in the order of coming, or by a draw."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.allocation.api import Claim, Pool
from lianxin.allocation.testing import claim_made
from lianxin.allocation.testing.draws import Draw, Stage, draw_publish, draw_walk, plan_for
from lianxin.allocation.testing.draws import draw_plan as plan_write
from lianxin.exchange import services
from lianxin.exchange.services import Giving
from lianxin.exchange.testing import batch_of, entry_of
from lianxin.jobs.testing import run_periodic
from lianxin.kit import clock as kit_clock
from lianxin.kit.errors import RefusedError
from lianxin.notify.testing import letters_to

WATCHERS = ("qian", "luo", "zhao", "fang")
CHECKED = {"is_plain": "on", "is_no_advertisement": "on", "is_true": "on"}


def page(name: str, *args: object) -> str:
    return reverse(f"exchange:{name}", args=args)


@pytest.fixture
def goose(town, school):
    """Two roast geese for a district."""
    today = kit_clock.today()
    entry = entry_of(
        title="年货烧鹅券", kind="discount", way="voucher", quantity=2, starts_on=today + dt.timedelta(days=20),
        ends_on=today + dt.timedelta(days=40),
    )  # fmt: skip
    return services.resource_offer(actor=town.actor("tang"), partner=school, entry=entry, key="g")


def sent(officer: Client, one, **more: str) -> dict[str, str]:
    seen: dict[str, str] = officer.get(page("desk_resource", one.pk)).context["check_form"].initial
    return CHECKED | seen | more


def test_by_draw_all_who_apply_have_the_same_chance_and_the_pages_say_so(as_, town, goose, clock) -> None:  # fmt: skip
    chen, lin = as_("chen"), as_("lin")
    closes_on = kit_clock.today() + dt.timedelta(days=3)
    for _tap in range(2):
        answer = chen.post(page("resource_publish", goose.pk), sent(chen, goose, method="draw", closes_on=closes_on.isoformat()))  # fmt: skip
        assert answer.status_code == 302
    pool = batch_of(goose)
    assert (pool.method, pool.capacity) == ("draw", 2)
    assert answer["Location"] == reverse("allocation:draw_plan", args=[pool.pk])
    # One applies before they are good, and whoever is drawn has days to use hers.
    assert pool.opens_at <= kit_clock.now() < pool.closes_at
    assert pool.valid_until is not None
    assert pool.closes_at < pool.valid_until
    for reader, name in ((lin, "resource"), (as_("tang"), "own_resource"), (chen, "desk_resource")):
        assert "抽签" in reader.get(page(name, goose.pk)).content.decode().split("<main")[1], name
    assert not lin.get(page("resource", goose.pk)).context["view"].may_ask, (
        "its rule is not published"
    )
    _ruled(town, pool)
    view = lin.get(page("resource", goose.pk)).context["view"]
    lin.post(reverse("allocation:take", args=[pool.pk]) + f"?a={view.admission}", {"key": view.key})
    assert Claim.objects.get(account_id=town.account_id("lin")).state == "applied"


def _ruled(town, pool: Pool) -> Draw:
    """Plan the draw of a batch and publish its rule."""
    chen = town.actor("chen")
    people = [town.account(key) for key in WATCHERS]
    draw = plan_write(actor=chen, pool_id=pool.pk, plan=plan_for(pool, people))
    return draw_publish(actor=chen, draw_id=draw.pk)


def test_who_owes_the_rule_is_led_to_the_offer(town, goose) -> None:
    closes_on = kit_clock.today() + dt.timedelta(days=3)
    services.resource_publish(actor=town.actor("chen"), resource_id=goose.pk, giving=Giving(method="draw", closes_on=closes_on))  # fmt: skip
    run_periodic("allocation.remind_rules")
    told = [
        one for one in letters_to(town.account_id("chen")) if one.kind == "allocation.draw_unruled"
    ]
    assert [one.url for one in told] == [page("desk_resource", goose.pk)]


def test_the_officer_plans_the_draw_and_it_gives_the_vouchers(as_, town, goose, clock) -> None:
    """Over five seconds on a slow machine: a draw is walked from its rule to its result."""
    closes_on = kit_clock.today() + dt.timedelta(days=3)
    services.resource_publish(actor=town.actor("chen"), resource_id=goose.pk, giving=Giving(method="draw", closes_on=closes_on))  # fmt: skip
    pool = batch_of(goose)
    chen = as_("chen")
    plan_page = reverse("allocation:draw_plan", args=[pool.pk])
    assert page("desk_resource", goose.pk) in chen.get(plan_page).content.decode()
    for who in ("wang", "ma"):
        assert as_(who).get(plan_page).status_code == 404, "it is the district's"
    people = [town.account(key) for key in WATCHERS]
    draw = plan_write(actor=town.actor("chen"), pool_id=pool.pk, plan=plan_for(pool, people))
    shown = chen.get(reverse("allocation:draw_desk", args=[draw.pk])).content.decode()
    assert page("desk_resource", goose.pk) in shown
    # Who applied stands on no desk, drawn or not.
    assert chen.get(reverse("allocation:pool_desk", args=[pool.pk])).status_code == 404
    draw_publish(actor=town.actor("chen"), draw_id=draw.pk)
    for who in ("lin", "wang", "tang"):
        claim_made(pool, town.account_id(who))
    done = draw_walk(Draw.objects.get(pk=draw.pk), clock, Stage.DRAWN)
    assert done.standing is Stage.DRAWN
    assert sorted(Claim.objects.values_list("state", flat=True)) == ["confirmed", "confirmed", "waiting"]  # fmt: skip


def test_a_result_after_the_vouchers_are_over_is_refused(town, goose) -> None:
    closes_on = goose.ends_on - dt.timedelta(days=1)
    services.resource_publish(actor=town.actor("chen"), resource_id=goose.pk, giving=Giving(method="draw", closes_on=closes_on))  # fmt: skip
    pool = batch_of(goose)
    people = [town.account(key) for key in WATCHERS]
    with pytest.raises(RefusedError) as refused:
        plan_write(actor=town.actor("chen"), pool_id=pool.pk, plan=plan_for(pool, people))
    assert refused.value.field == "known_at"


def test_a_draw_has_a_last_day_of_applying_before_the_vouchers_end(as_, town, goose) -> None:
    chen = as_("chen")
    for closes_on in ("", "2026-11-01", goose.ends_on.isoformat()):
        answer = chen.post(page("resource_publish", goose.pk), sent(chen, goose, method="draw", closes_on=closes_on))  # fmt: skip
        assert "closes_on" in answer.context["check_form"].errors, closes_on
    goose.refresh_from_db()
    assert goose.state == "offered"
    answer = chen.post(page("resource_publish", goose.pk), sent(chen, goose, rule="never heard of"))
    assert "rule" in answer.context["check_form"].errors


def test_a_condition_is_said_as_a_sentence_and_keeps_others_out(as_, town, goose) -> None:
    goose.starts_on = kit_clock.today()
    goose.save()
    services.resource_publish(actor=town.actor("chen"), resource_id=goose.pk, giving=Giving(rule="sex = '1'", audience="members"))  # fmt: skip
    shown = as_("lin").get(page("resource", goose.pk))
    assert "男" in dict(shown.context["facts"])["哪些人可以领"]
    assert "男" in shown.context["view"].hindrance.words
    # Zhao is of another union: for members of any, it is only the condition that hinders her.
    assert "男" in as_("zhao").get(page("resource", goose.pk)).context["view"].hindrance.words
    assert as_("wang").get(page("resource", goose.pk)).context["view"].hindrance is None


def test_only_vouchers_are_asked_how_they_are_given(as_, town, school) -> None:
    hall = services.resource_offer(actor=town.actor("tang"), partner=school, entry=entry_of(), key="h")  # fmt: skip
    chen = as_("chen")
    assert "method" not in chen.get(page("desk_resource", hall.pk)).context["check_form"].fields
    assert chen.post(page("resource_publish", hall.pk), sent(chen, hall)).status_code == 302


def test_a_published_draw_cannot_end_after_its_vouchers(town, goose) -> None:
    closes_on = kit_clock.today() + dt.timedelta(days=30)
    services.resource_publish(actor=town.actor("chen"), resource_id=goose.pk, giving=Giving(method="draw", closes_on=closes_on))  # fmt: skip
    entry = services.entry_of(services.resource_publish(actor=town.actor("chen"), resource_id=goose.pk))  # fmt: skip
    services.change_ask(
        actor=town.actor("tang"), resource_id=goose.pk, entry=_until(entry, closes_on), reason="早点结束"
    )  # fmt: skip
    with pytest.raises(RefusedError):
        services.change_accept(actor=town.actor("chen"), resource_id=goose.pk)


def _until(entry: services.Entry, day: dt.date) -> services.Entry:
    return services.Entry(**{name: getattr(entry, name) for name in entry.__dataclass_fields__} | {"ends_on": day})  # fmt: skip
