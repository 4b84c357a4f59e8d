"""Policies find people: a visitor checks, a worker is found, answers one thing, says no."""

from __future__ import annotations

import datetime as dt
import re

from django.core.management import call_command
from playwright.sync_api import expect

from lianxin.members import api as members
from lianxin.orgs.api import Actor
from tests.journeys.deeds import press

CERTIFICATE = {
    "skill_level": "4", "certificate_on": dt.date(2026, 4, 10), "insured_months": 40,
}  # fmt: skip


def test_a_visitor_finds_out_what_she_could_get_and_leaves_no_trace(stage):
    call_command("policies_load", verbosity=0)
    page = stage.visitor()
    page.goto("/")
    page.get_by_text("答几个问题就知道").click()
    stage.show(page, "check-first")
    for _question in range(3):
        expect(page.locator("input[name=asked]")).to_have_count(1)
        page.locator("main form input[type=radio], main form input.control").first.click()
        first = page.locator("main form input.control")
        if first.count():
            first.first.fill("2020-01-01" if first.first.get_attribute("type") == "date" else "4")
        page.get_by_role("button", name="下一题").click()
    expect(page.locator("main")).to_contain_text("答了 3 题")
    stage.show(page, "check-some")
    page.get_by_role("button", name="不清楚").click()
    expect(page.locator("main")).to_contain_text("答了 3 题")
    assert not [each for each in page.context.cookies() if each["name"] == "sessionid"]


def test_lin_is_found_sees_why_answers_one_thing_and_may_say_no(stage):
    call_command("policies_load", verbosity=0)
    members.consent_give(actor=stage.town.actor("lin"), purpose="matching")
    for name, value in CERTIFICATE.items():
        members.fact_save(actor=Actor.system(), member_id=stage.town.member_id("lin"), name=name, value=value, source="dossier")  # fmt: skip
    stage.work()
    lin = stage.person("lin")
    lin.goto("/")
    expect(lin.locator("main")).to_contain_text("为您找到")
    stage.show(lin, "found-home")
    lin.goto("/found/")
    expect(lin.locator("main")).to_contain_text("还差一件事")
    stage.show(lin, "found-list")
    lin.get_by_role("link", name="技能提升补贴").click()
    stage.show(lin, "found-policy-open")
    lin.locator("a[href^='/me/facts/skill_subsidy_granted_for_it/']").click()
    lin.get_by_label("否").check()
    lin.locator("main form button.primary").first.click()
    stage.work()
    lin.goto("/policies/skill-subsidy/")
    expect(lin.locator("main .chip.yes")).to_contain_text("符合条件")
    expect(
        lin.locator("main form[action='/services/skill-subsidy/apply/'] button.primary")
    ).to_have_count(1)
    stage.show(lin, "found-policy-fits")
    lin.goto("/found/")
    lin.locator("form[action='/found/look/skills/'] button").click()
    expect(lin.locator("main")).not_to_contain_text("技能提升补贴")
    stage.show(lin, "found-refused")


WORK_AND_STUDY = {
    "diploma": "bachelor", "diploma_on": dt.date(2026, 6, 1), "is_front_line": True, "education_subsidy_granted": False,
    "graduated_on": dt.date(2025, 7, 1), "has_home_here": False,
}  # fmt: skip


def test_one_answer_opens_two_kinds_of_help(stage):
    call_command("policies_load", verbosity=0)
    for purpose in ("matching", "finance"):
        members.consent_give(actor=stage.town.actor("lin"), purpose=purpose)
    for name, value in WORK_AND_STUDY.items():
        members.fact_save(actor=Actor.system(), member_id=stage.town.member_id("lin"), name=name, value=value, source="dossier")  # fmt: skip
    stage.work()
    lin = stage.person("lin")
    two = ("/policies/education-subsidy/", "/policies/graduate-settling/")
    lin.goto("/found/")
    for path in two:
        expect(lin.locator(f"main a[href='{path}'] .chip.ask")).to_have_count(1)
    lin.goto(two[0])
    lin.locator("a[href^='/me/facts/contract_months/']").first.click()
    lin.locator("main form input[type=text], main form input[type=number]").first.fill("26")
    press(lin, "main form button.primary")
    stage.work()
    lin.goto("/found/")
    for path in two:
        expect(lin.locator(f"main a[href='{path}'] .chip.yes")).to_have_count(1)
    stage.show(lin, "found-two")


def test_from_found_over_why_to_an_application_filled_in(stage):
    call_command("policies_load", verbosity=0)
    members.consent_give(actor=stage.town.actor("lin"), purpose="matching")
    members.consent_give(actor=stage.town.actor("lin"), purpose="service")
    for name, value in (CERTIFICATE | {"skill_subsidy_granted_for_it": False}).items():
        members.fact_save(actor=Actor.system(), member_id=stage.town.member_id("lin"), name=name, value=value, source="dossier")  # fmt: skip
    stage.work()
    lin = stage.person("lin")
    lin.goto("/")
    lin.locator("main a.card.fit").first.click()
    expect(lin.locator("main")).to_contain_text("您的证书是初级、中级或高级工。")
    press(lin, "main form[action='/services/skill-subsidy/apply/'] button.primary")
    expect(lin).to_have_url(re.compile("/services/skill-subsidy/apply/"))
    for box in lin.locator("main form input[type=checkbox]").all():
        box.check()
    press(lin, "main form button.primary")
    expect(lin).to_have_url(re.compile("/known/"))
    expect(lin.locator("[name$=insured_months]")).to_have_value("40")
    stage.show(lin, "found-applied")
