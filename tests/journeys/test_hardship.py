"""A hardship application: from the worker's phone over three levels, notice and payment to her rating."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from lianxin.procedures.api import Dossier
from lianxin.procedures.models import Payment
from tests.journeys.filling import fill


def apply(stage, page: Page, code: str, words: dict[str, str] | None = None) -> Dossier:
    """Walk through the three screens of a service and send it in."""
    page.goto(f"/services/{code}/")
    page.locator(f"main a[href*='/services/{code}/apply/']").first.click()
    for box in page.locator("main form input[type=checkbox]").all():
        box.check()
    page.locator("main form button.primary").click()
    page.wait_for_url(re.compile("/(known|missing)/"))
    for _screen in range(2):
        if "/sent/" in page.url:
            break
        fill(page, words)
        page.locator("main form button.primary").click()
        page.wait_for_load_state("networkidle")
    expect(page).to_have_url(re.compile("/sent/"))
    stage.work()
    return Dossier.objects.latest("created_at")


def decide(stage, key: str, dossier: Dossier, words: dict[str, str] | None = None) -> Page:
    """Open a dossier at somebody's desk and pass its running step."""
    page = stage.person(key)
    page.goto(f"/desk/dossiers/{dossier.pk}/")
    panel = page.locator("main form:has(> button.primary)")
    for control in panel.locator(":is(input, select, textarea):visible").all():
        name = control.get_attribute("name") or ""
        kind = control.get_attribute("type") or control.evaluate("e => e.tagName.toLowerCase()")
        if kind == "radio":
            if not panel.locator(f"input[name='{name}']:checked").count():
                control.check()
        elif kind == "select":
            options = control.locator("option").evaluate_all("all => all.map(o => o.value)")
            control.select_option(next(one for one in options if one))
        elif kind not in {"checkbox", "file"} and not control.input_value():
            numeric = control.get_attribute("inputmode") in {"numeric", "decimal"}
            control.fill(
                (words or {}).get(
                    name,
                    "2026-11-30" if kind == "date" else "600" if numeric else "情况属实，同意。",
                )
            )
    panel.locator("button.primary").click()
    page.wait_for_load_state("networkidle")
    stage.work()
    dossier.refresh_from_db()
    return page


def test_a_hardship_application_goes_from_the_phone_to_the_money_and_her_word(stage):
    lin = stage.person("lin")
    dossier = apply(stage, lin, "hardship-file")
    lin.goto(f"/cases/{dossier.pk}/")
    expect(lin.locator("main")).to_contain_text("扬子机械厂工会")
    stage.show(lin, "hardship-case-sent")
    for key, step in (
        ("wang", "street_review"),
        ("sun", "means_check"),
        ("chen", "decision"),
        ("zhou", "notice"),
    ):
        stage.wait(hours=1)
        page = decide(stage, key, dossier)
        assert dossier.step.code == step, page.locator("main").inner_text()
    visitor = stage.visitor()
    visitor.goto("/notices/")
    visitor.locator("main ul.list a").first.click()
    expect(visitor.locator("main")).to_contain_text("林**")
    expect(visitor.locator("main")).not_to_contain_text("林晓梅")
    stage.show(visitor, "hardship-notice")
    stage.wait(days=14)
    dossier.refresh_from_db()
    assert dossier.step.code == "payment"
    visitor.reload()
    expect(visitor.locator("main")).not_to_contain_text("林**")
    _pay(stage)
    dossier.refresh_from_db()
    assert dossier.state == "closed"
    lin.goto(f"/cases/{dossier.pk}/rate/")
    lin.locator("main form input[type=radio]").first.check()
    lin.locator("main form button.primary").click()
    lin.wait_for_load_state("networkidle")
    stage.show(lin, "hardship-case-rated")
    _outsiders_see_nothing(stage, dossier)


def _pay(stage) -> None:
    """The finance officer makes a batch, takes the file, and reads the bank's answer in."""
    page = stage.person("qian")
    page.goto("/desk/payments/")
    stage.show(page, "payments-due")
    page.locator("form[action$='/batches/'] button").first.click()
    page.wait_for_url(re.compile("/batches/.+/"))
    with page.expect_download() as waiting:
        page.locator("form[action*='/file/'] button, a[href*='/file/']").first.click()
    exported = waiting.value.path().read_bytes()
    payment = Payment.objects.get()
    assert payment.number.encode() in exported
    page.goto("/desk/payments/")
    answer = f"付款编号,结果,原因\n{payment.number},成功,\n".encode("gb18030")
    page.locator("input[type=file]").set_input_files(
        {"name": "return.csv", "mimeType": "text/csv", "buffer": answer}
    )
    page.locator("form[action$='/return/'] button").click()
    page.wait_for_load_state("networkidle")
    stage.show(page, "payments-return")
    stage.work()


def _outsiders_see_nothing(stage, dossier: Dossier) -> None:
    for key in ("zhao", "ma"):
        page = stage.person(key)
        for path in (f"/cases/{dossier.pk}/", f"/desk/dossiers/{dossier.pk}/"):
            answer = page.goto(path)
            assert answer is not None
            assert answer.status in {403, 404}, (key, path)
            expect(page.locator("body")).not_to_contain_text("林晓梅")
