"""The education-upgrade subsidy: a fixed sum after the diploma is checked, with a masked notice."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.deeds import apply, decide, pay

DIPLOMA = {"school": "嘉州开放大学", "diploma_number": "510012026050001"}


def test_the_education_subsidy_goes_from_the_diploma_to_a_thousand_yuan(stage):
    lin = stage.person("lin")
    dossier = apply(stage, lin, "education-subsidy", DIPLOMA)
    decide(stage, "wang", dossier)
    assert dossier.step.code == "diploma_check"
    page = decide(stage, "chen", dossier, {"result": "found"})
    assert dossier.step.code == "draw", page.locator("main").inner_text()
    decide(stage, "xu", dossier)  # no round is open: there is money for all, so nothing is drawn
    assert dossier.step.code == "decision"
    decide(stage, "xu", dossier)
    assert dossier.step.code == "notice"
    _notice_shows_no_name(stage)
    stage.wait(days=10)
    paid = pay(stage)
    assert (paid.state, paid.amount_fen) == ("paid", 100_000)
    lin.goto(f"/cases/{dossier.pk}/")
    expect(lin.locator("main .sum").first).to_contain_text("1,000")
    stage.show(lin, "education-paid")
    lin.goto("/services/education-subsidy/")
    stage.show(lin, "education-service-again")


def _notice_shows_no_name(stage) -> None:
    page = stage.visitor()
    page.goto("/notices/")
    page.locator("main ul.list a").first.click()
    expect(page.locator("main")).to_contain_text("林**")
    for secret in ("林晓梅", "开放大学", "510012026050001"):
        expect(page.locator("main")).not_to_contain_text(secret)
