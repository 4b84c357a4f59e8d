"""“This is wrong for me”: Lin objects, her district looks back at that day and answers."""

from __future__ import annotations

import datetime as dt

from django.core.management import call_command
from playwright.sync_api import expect

from lianxin.eligibility.models import Objection
from lianxin.members import api as members
from lianxin.orgs.api import Actor
from tests.journeys.deeds import press

WORDS = "我的证书是三级，系统里写成了别的。"
ANSWER = "您说得对。请在信息页更正等级，结果会马上重算。"


def test_lin_objects_and_a_person_answers_with_reasons(stage):  # noqa: PLR0915  (a story)
    call_command("policies_load", verbosity=0)
    members.consent_give(actor=stage.town.actor("lin"), purpose="matching")
    told = {"skill_level": "2", "certificate_on": dt.date(2026, 4, 10), "insured_months": 40, "skill_subsidy_granted_for_it": False}  # fmt: skip
    for name, value in told.items():
        members.fact_save(actor=Actor.system(), member_id=stage.town.member_id("lin"), name=name, value=value, source="dossier")  # fmt: skip
    stage.work()
    lin = stage.person("lin")
    lin.goto("/policies/skill-subsidy/")
    expect(lin.locator("main")).to_contain_text("不在条件内")
    lin.get_by_role("link", name="这个结果对我不对").click()
    stage.show(lin, "policy-objection-form")
    lin.locator("[name=words]").fill(WORDS)
    press(lin, "main form button.primary")
    expect(lin.locator("main")).to_contain_text("嘉岭区总工会")
    expect(lin.locator("main")).to_contain_text("11月30日")
    stage.show(lin, "policy-objection-sent")
    stage.wait(days=1)
    guo = stage.person("guo")
    guo.goto("/desk/policies/objections/")
    stage.show(guo, "policy-objection-list")
    guo.get_by_role("link", name="技能提升补贴").click()
    expect(guo.locator("main")).to_contain_text(WORDS)
    stage.show(guo, "policy-objection-page")
    page = guo.url
    guo.get_by_role("link", name="那天为什么是这个结果").click()
    guo.locator("[name=purpose][value='eligibility.objection']").check()
    press(guo, "main form button.primary")
    expect(guo.locator("main")).to_contain_text("按第 1 版")
    stage.show(guo, "policy-replay")
    guo.goto(page)
    guo.locator("[name=outcome][value=upheld]").check()
    guo.locator("[name=answer]").fill(ANSWER)
    press(guo, "main form button.primary")
    lin.goto("/inbox/")
    lin.get_by_text("您的异议有答复了").first.click()
    found = Objection.objects.get()
    lin.goto(f"/found/objections/{found.pk}/")
    expect(lin.locator("main")).to_contain_text(ANSWER)
    stage.show(lin, "policy-objection-answered")
    lin.goto("/me/looked/")
    expect(lin.locator("main")).to_contain_text("答复您对匹配结果的异议")
    wang = stage.person("wang")
    for path in (f"/found/objections/{found.pk}/", f"/desk/policies/objections/{found.pk}/"):
        assert wang.context.request.get(path).status in {403, 404}
