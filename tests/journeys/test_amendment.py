"""Second thoughts: Lin changes what she sent; Wang sees it, asks one more thing, and the clock waits."""

from __future__ import annotations

from playwright.sync_api import FilePayload, Page, expect

from lianxin.procedures.api import Dossier
from lianxin.procedures.testing import live_task
from tests.journeys.deeds import apply, ask, open_desk, press
from tests.journeys.filling import photo

PAPER: FilePayload = {"name": "diploma.jpg", "mimeType": "image/jpeg", "buffer": photo()}


def test_a_change_is_seen_and_a_question_stops_the_clock(stage):
    lin = stage.person("lin")
    dossier = apply(
        stage, lin, "education-subsidy", {"school": "嘉州大学", "diploma_number": "51001202605"}
    )
    _amend(stage, lin, dossier)
    wang = open_desk(stage, "wang", dossier)
    row = wang.locator("dt:has(.chip.ask)")
    expect(row).to_have_count(1)
    expect(wang.locator("dt:has(.chip.ask) + dd")).to_contain_text("嘉州开放大学")
    expect(wang.locator("ol.timeline")).to_contain_text("毕业院校")
    stage.show(wang, "amendment-desk")

    left = live_task(dossier).due_at - stage.clock.read()
    ask(stage, "wang", dossier, "编号好像少了几位，请再看一眼。", "diploma_number", "diploma")
    assert dossier.state == "waiting"
    stage.wait(days=21)  # nobody is late while she looks for the paper
    assert live_task(dossier).state == "stopped"
    _answer(stage, lin, dossier)
    task = live_task(dossier)
    assert task.state == "open"
    assert task.due_at - stage.clock.read() <= left
    assert task.due_at > stage.clock.read()
    wang = open_desk(stage, "wang", dossier)
    expect(wang.locator("#story")).to_contain_text("510012026050001")
    stage.show(wang, "amendment-answered-desk")


def _amend(stage, lin: Page, dossier: Dossier) -> None:
    lin.goto(f"/cases/{dossier.pk}/")
    press(lin, f"main a[href='/cases/{dossier.pk}/amend/']")
    stage.show(lin, "amendment-form")
    lin.locator("input[name=school]").fill("嘉州开放大学")
    press(lin, "main form button.primary")
    expect(lin).to_have_url(f"{stage.url}/cases/{dossier.pk}/")
    expect(lin.locator("main")).to_contain_text("嘉州开放大学")


def _answer(stage, lin: Page, dossier: Dossier) -> None:
    lin.goto(f"/cases/{dossier.pk}/")
    expect(lin.locator("main blockquote")).to_contain_text("编号好像少了几位")
    stage.show(lin, "amendment-asked")
    press(lin, f"main a.primary[href='/cases/{dossier.pk}/answer/']")
    lin.locator("[name=words]").fill("少抄了几位，已补上。")
    lin.locator("input[name=diploma_number]").fill("510012026050001")
    lin.locator("input[type=file]").set_input_files(PAPER)
    stage.show(lin, "amendment-answer")
    press(lin, "main form button.primary")
    expect(lin).to_have_url(f"{stage.url}/cases/{dossier.pk}/")
    stage.work()
