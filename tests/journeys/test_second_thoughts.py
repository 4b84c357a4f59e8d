"""Taken back; and a bad word that somebody has to put right within fifteen working days."""

from __future__ import annotations

from playwright.sync_api import expect

from lianxin.kit.workdays import add_workdays
from tests.journeys.deeds import open_desk, press, sent

REPAIRED = "已经当面道歉，并把证书送到车间。"


def test_what_was_sent_can_be_taken_back(stage):
    lin = stage.person("lin")
    dossier = sent(stage, "certification-channel")
    lin.goto(f"/cases/{dossier.pk}/withdraw/")
    stage.show(lin, "withdraw")
    press(lin, "main form button.primary")
    stage.work()
    dossier.refresh_from_db()
    assert (dossier.state, dossier.outcome) == ("closed", "withdrawn")
    wang = stage.person("wang")
    wang.goto("/desk/")
    expect(wang.locator("ol.queue")).to_have_count(0)


def test_a_bad_word_is_put_right_within_fifteen_working_days(stage):
    lin = stage.person("lin")
    dossier = sent(stage, "certification-channel", step="(to the end)")
    assert dossier.state == "closed"
    lin.goto(f"/cases/{dossier.pk}/rate/")
    lin.locator("main form input[value='1']").check()
    lin.locator("[name=words]").fill("等了很久，没人打电话。")
    stage.show(lin, "rate-badly")
    press(lin, "main form button.primary")
    stage.work()
    chen = stage.person("chen")
    chen.goto("/desk/repairs/")
    expect(chen.locator("main ul.list a")).to_have_count(1)
    due = add_workdays(stage.clock.read().date(), 15)
    expect(chen.locator("main ul.list .chip")).to_contain_text(str(due.day))
    stage.show(chen, "repairs")
    page = open_desk(stage, "chen", dossier)
    expect(page.locator("main")).to_contain_text("没人打电话")
    page.locator("main form[action$='/repair/'] textarea").fill(REPAIRED)
    press(page, "main form[action$='/repair/'] button")
    stage.work()
    lin.goto(f"/cases/{dossier.pk}/")
    expect(lin.locator("main")).to_contain_text(REPAIRED)
    stage.show(lin, "repaired")
