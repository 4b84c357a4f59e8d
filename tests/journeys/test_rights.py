"""A complaint about an employer: it passes by everybody who could hold it against her."""

from __future__ import annotations

from playwright.sync_api import expect

from lianxin.procedures.api import Dossier
from tests.journeys.deeds import apply, decide, sees_nothing

STORY = {"story": "九月起没有发工资。", "happened_on": "2026-09-30"}


def test_a_complaint_about_her_own_employer_never_reaches_its_union(stage):
    lin = stage.person("lin")
    dossier = apply(stage, lin, "rights-complaint", STORY)
    assert dossier.respondent == stage.town.organisation("yangtze")
    _nothing_for(stage, dossier, "wang", "sun", "zhao", "ma")
    for step in ("talks", "decision"):
        stage.wait(hours=1)
        page = decide(stage, "chen", dossier)
        assert dossier.step.code == step, page.locator("main").inner_text()
    decide(stage, "chen", dossier, {"opinion": "单位已经补发工资。"})
    assert dossier.state == "closed"
    lin.goto(f"/cases/{dossier.pk}/")
    stage.show(lin, "rights-answered")
    lin.goto(f"/cases/{dossier.pk}/decision/")
    expect(lin.locator("body")).to_contain_text("单位已经补发工资。")
    stage.show(lin, "rights-decision")
    _nothing_for(stage, dossier, "wang", "sun")


def test_a_complaint_about_the_district_is_handled_by_the_city(stage):
    lin = stage.person("lin")
    dossier = apply(stage, lin, "rights-complaint", {**STORY, "respondent-find": "嘉岭区总工会"})
    assert dossier.respondent == stage.town.organisation("jialing")
    _nothing_for(stage, dossier, "wang", "sun", "chen", "guo")
    lin.goto(f"/cases/{dossier.pk}/")
    expect(lin.locator("main")).to_contain_text("嘉州市总工会")
    decide(stage, "zhou", dossier)
    assert dossier.step.code == "talks"
    _nothing_for(stage, dossier, "wang", "chen", "guo")


def _nothing_for(stage, dossier: Dossier, *keys: str) -> None:
    for key in keys:
        sees_nothing(stage.person(key), dossier, "没有发工资")
