"""Two people put a policy into force: its effect is seen first; a wrong rule is pointed at."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from lianxin.members import api as members
from lianxin.orgs.api import Actor, Reach, Role
from lianxin.orgs.testing import post_make
from tests.journeys.deeds import press

CERTIFICATE = {"skill_level": "4", "certificate_on": dt.date(2026, 4, 10), "skill_subsidy_granted_for_it": False}  # fmt: skip
# Six whom six months would do, five whom it would not: neither may be told apart from the others.
MONTHS = {"lin": 40, "zhao": 8, "ma": 7, "sun": 9, "chen": 8, "zhou": 7, "wang": 2, "guo": 2, "qian": 2, "fang": 2, "luo": 2}  # fmt: skip


@pytest.fixture
def desk(stage):
    """Xu writes policies for the city, He is its chair; eleven members may be looked for."""
    call_command("policies_load", verbosity=0)
    post_make(stage.town.account("xu"), stage.town.organisation("city"), Role.EDITOR, Reach.BELOW)
    for key, months in MONTHS.items():
        members.consent_give(actor=stage.town.actor(key), purpose="matching")
        for name, value in (CERTIFICATE | {"insured_months": months}).items():
            members.fact_save(actor=Actor.system(), member_id=stage.town.member_id(key), name=name, value=value, source="dossier")  # fmt: skip
    stage.work()
    return stage


def begin(desk):
    """Xu opens a policy and begins its next version."""
    xu = desk.person("xu")
    xu.goto("/desk/")
    menu = xu.get_by_role("navigation", name="工作台")
    menu.locator("summary").click()
    menu.get_by_role("link", name="政策", exact=True).click()
    desk.show(xu, "policies-list")
    xu.get_by_role("link", name="技能提升补贴").click()
    desk.show(xu, "policies-versions")
    xu.get_by_role("button", name="写下一版").click()
    desk.show(xu, "policies-draft")
    return xu


def test_a_change_is_seen_through_its_effect_before_it_is_published(desk):  # noqa: PLR0915  (a story)
    xu = begin(desk)
    xu.get_by_role("link", name="规则和金额").click()
    rule = xu.locator("[name=rule]")
    text = rule.input_value()
    assert "insured_months >= 12" in text
    rule.fill(text.replace("insured_months >= 12", "insured_months >= 6"))
    expect(xu.locator("#rule-check")).to_contain_text("失业保险缴费月数 不少于 6")
    desk.show(xu, "policies-rule")
    press(xu, "form.editor button.primary")
    own = xu.url.removesuffix("rule/")
    xu.goto(own)
    expect(xu.locator("main")).to_contain_text(
        "结果不对" if xu.locator(".tile.red").count() else "假想的人"
    )
    xu.goto(f"{own}try/")
    xu.locator("[name=insured_months]").fill("7")
    xu.locator("[name=certificate_level][value='4']").check()
    press(xu, "main form button.primary")
    desk.show(xu, "policies-try")
    xu.goto(f"{own}review/")
    expect(xu.get_by_role("button", name="交给另一个人复核")).to_be_disabled()
    xu.goto(f"{own}effect/")
    press(xu, "main form button.primary")
    desk.work()
    expect(xu.locator("#effect")).to_contain_text("正是现在这份文本的测算")
    desk.show(xu, "policies-effect")
    row = xu.locator("#effect tbody tr").first.locator("td")
    assert [row.nth(0).inner_text(), row.nth(1).inner_text()] == ["11", "6"]
    xu.goto(f"{own}review/")
    expect(xu.locator("main")).to_contain_text("不少于 6")
    desk.show(xu, "policies-review")
    xu.locator("[name=reason]").fill("六个月就够了，让更多人享受。")
    press(xu, "form[action$='/submit/'] button")
    he = desk.person("he")
    he.goto("/inbox/")
    he.get_by_text("有一项政策等您复核").first.click()
    he.goto(f"{own}review/")
    expect(he.locator("main")).to_contain_text("六个月就够了")
    desk.show(he, "policies-second")
    press(he, "form[action$='/publish/'] button")
    desk.work()
    expect(he.locator("main")).to_contain_text("第 2 版")
    zhao = desk.person("zhao")
    zhao.goto("/policies/skill-subsidy/")
    expect(zhao.locator("main .chip.yes")).to_contain_text("符合条件")


def test_a_policy_wrongly_written_is_refused_with_a_pointer(desk):
    xu = begin(desk)
    xu.get_by_role("link", name="规则和金额").click()
    xu.locator("[name=rule]").fill("is_member\nAND insured_monts >= 6")
    pointed = xu.locator("#rule-check code.pointed")
    expect(pointed).to_contain_text("AND insured_monts >= 6")
    line, pointer = pointed.inner_text().split("\n")[:2]
    assert pointer == "    " + "^" * len("insured_monts"), line
    desk.show(xu, "policies-pointer")
    press(xu, "form.editor button.primary")
    expect(xu.locator("[name=rule]")).to_have_value("is_member\nAND insured_monts >= 6")
    own = xu.url.removesuffix("rule/")
    xu.goto(own)
    expect(xu.locator("main")).to_contain_text(re.compile("处要改"))
    desk.show(xu, "policies-wrong")
    xu.goto(f"{own}review/")
    expect(xu.get_by_role("button", name="交给另一个人复核")).to_be_disabled()
    xu.goto(f"{own}effect/")
    press(xu, "main form button.primary")
    expect(xu.locator("main")).to_contain_text("请先改好列出的问题")


def test_a_rule_is_put_together_without_writing_and_without_script(desk):
    xu = desk.person("xu", script=False)
    xu.goto("/desk/policies/new/")
    desk_form = xu.locator("form[action$='/new/']")
    desk_form.locator("[name=code]").fill("heat-break")
    desk_form.locator("[name=organisation]").select_option(label="嘉州市总工会")
    press(xu, "form[action$='/new/'] button")
    own = xu.url
    xu.goto(f"{own}rule/?fact=works_outdoors_in_heat")
    xu.locator("[name=sign]").select_option("yes")
    press(xu, "form[action$='/conditions/'] button")
    xu.goto(f"{own}rule/?fact=insured_months")
    xu.locator("form[action$='/conditions/'] [name=value]").fill("6")
    press(xu, "form[action$='/conditions/'] button")
    expect(xu.locator("[name=rule]")).to_have_value("is_member\nAND works_outdoors_in_heat\nAND insured_months >= 6")  # fmt: skip
    xu.goto(own)
    expect(xu.locator("main")).to_contain_text("您的情况：高温户外作业：是。")
