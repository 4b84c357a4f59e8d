"""Nobody acts: a reminder, then the level above has it by itself, and Lin is told."""

from __future__ import annotations

from playwright.sync_api import expect

from lianxin.procedures.testing import live_task
from tests.journeys.deeds import decide, press, sees_nothing, sent


def test_a_case_nobody_touches_climbs_by_itself(stage):
    lin = stage.person("lin")
    dossier = sent(stage, "temporary-relief")
    assert live_task(dossier).organisation == stage.town.organisation("yangtze")
    stage.wait(days=1, hours=9)  # past the end of the first working day
    wang = stage.person("wang")
    wang.goto("/desk/?chip=late")
    expect(wang.locator("ol.queue a")).to_have_count(1)
    stage.show(wang, "late-queue")
    wang.goto("/inbox/")
    expect(wang.locator("main ul.list a")).to_have_count(2)  # it came; it is late

    stage.wait(days=1)
    task = live_task(dossier)
    assert task.is_escalated
    assert task.organisation == stage.town.organisation("beicang")
    wang.goto("/desk/")
    expect(wang.locator("ol.queue")).to_have_count(0)
    lin.goto("/inbox/")
    press(lin, "main ul.list a")
    expect(lin.locator("main")).to_contain_text("北苍街道总工会")
    lin.goto(f"/cases/{dossier.pk}/")
    expect(lin.locator("main")).to_contain_text("北苍街道总工会")
    stage.show(lin, "late-told")
    sun = decide(stage, "sun", dossier)
    assert dossier.step.code == "decision", sun.locator("main").inner_text()
    sees_nothing(stage.person("zhao"), dossier)
