"""Tired thumbs, two tabs, a dead network, two officers at once: one case, and nothing typed is lost."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from lianxin.procedures.api import Dossier
from tests.journeys.deeds import fill_screens, open_desk, pass_step, press, sent
from tests.journeys.filling import fill

STORY = {"story": "家里遭了水灾，冰箱和床都泡坏了。"}
SEND = "main form button[name=send]"


def test_two_taps_and_two_tabs_send_one_application(stage):
    lin = stage.person("lin")
    fill_screens(lin, "certification-channel")
    second = lin.context.new_page()
    second.goto(lin.url)
    fill(second)
    for page in (lin, second):
        page.evaluate(f"const b = document.querySelector('{SEND}'); b.click(); b.click()")
    for page in (lin, second):
        expect(page).to_have_url(re.compile("/sent/"))
    assert Dossier.objects.count() == 1
    lin.goto("/cases/")
    expect(lin.locator("main a.card")).to_have_count(1)


def test_of_two_officers_who_decide_at_once_one_does_and_the_other_keeps_her_words(stage):
    dossier = sent(stage, "certification-channel", step="decision")
    guo = open_desk(stage, "guo", dossier)
    chen = open_desk(stage, "chen", dossier)
    pass_step(chen, {"opinion": "同意开通。"})
    guo.locator("main details:has(form[action$='/refuse/']) > summary").click()
    guo.locator("main form[action$='/refuse/'] textarea").fill("年限还差一年。")
    press(guo, "main form[action$='/refuse/'] button")
    expect(guo.locator("main [role=alert]").first).to_be_visible()
    expect(guo.locator("main form[action$='/refuse/'] textarea")).to_have_value("年限还差一年。")
    stage.show(guo, "stale-desk")
    dossier.refresh_from_db()
    assert (dossier.step.code, dossier.outcome) == ("exam", "granted")


def test_a_network_that_goes_while_sending_loses_nothing(stage):
    lin = stage.person("lin")
    fill_screens(lin, "rights-complaint", STORY)
    lin.wait_for_function("navigator.serviceWorker.controller !== null")
    lin.context.set_offline(True)
    lin.locator(SEND).click()
    lin.wait_for_load_state("load")
    expect(lin.locator("main")).to_contain_text("网络")
    lin.context.set_offline(False)
    assert Dossier.objects.count() == 0
    _back_to_the_form(lin)
    expect(lin.locator("main form [name=story]")).to_have_value(STORY["story"])
    press(lin, SEND)
    expect(lin).to_have_url(re.compile("/sent/"))
    assert Dossier.objects.count() == 1


def _back_to_the_form(page: Page) -> None:
    page.go_back()
    expect(page).to_have_url(re.compile("/missing/"))
