"""A refusal with its reason, an objection, and somebody else one level up who decides."""

from __future__ import annotations

from playwright.sync_api import expect

from lianxin.procedures.testing import live_task
from tests.journeys.deeds import decide, open_desk, press, refuse, sees_nothing, sent

WHY = "年限还差一年，可以明年再来。"


def test_a_refusal_is_looked_at_again_one_level_up(stage):
    lin = stage.person("lin")
    dossier = sent(stage, "certification-channel", step="decision")
    refuse(stage, "chen", dossier, WHY)
    assert dossier.outcome == "refused"
    lin.goto(f"/cases/{dossier.pk}/")
    expect(lin.locator("main")).to_contain_text(WHY)
    stage.show(lin, "objection-refused")
    lin.goto(f"/cases/{dossier.pk}/decision/")
    expect(lin.locator("body")).to_contain_text(WHY)
    expect(lin.locator("body")).to_contain_text("嘉州市总工会")
    stage.show(lin, "objection-decision")
    lin.goto(f"/cases/{dossier.pk}/object/")
    stage.show(lin, "objection-form")
    lin.locator("[name=words]").fill("我的年限从学徒算起，满六年了。")
    press(lin, "main form button.primary")
    stage.work()
    task = live_task(dossier)
    assert task.organisation == stage.town.organisation("city")
    chen = open_desk(stage, "chen", dossier)
    expect(chen.locator("main form button.primary")).to_have_count(0)
    zhou = decide(stage, "zhou", dossier, {"opinion": "学徒期应当计入，同意。"})
    assert dossier.outcome == "granted", zhou.locator("main").inner_text()
    lin.goto(f"/cases/{dossier.pk}/")
    stage.show(lin, "objection-granted")
    sees_nothing(stage.person("zhao"), dossier, WHY)
