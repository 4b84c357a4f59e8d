"""A hardship application: from the worker's phone over three levels, notice and payment to her rating."""

from __future__ import annotations

from playwright.sync_api import expect

from lianxin.procedures.models import Payment
from tests.journeys.deeds import apply, decide, press, read_return, sees_nothing


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
    for key in ("zhao", "ma"):
        sees_nothing(stage.person(key), dossier)


def _pay(stage) -> None:
    """The finance officer makes a batch, takes the file, and reads the bank's answer in."""
    page = stage.person("qian")
    page.goto("/desk/payments/")
    stage.show(page, "payments-due")
    press(page, "form[action$='/batches/'] button")
    with page.expect_download() as waiting:
        page.locator("form[action*='/file/'] button").first.click()
    exported = waiting.value.path().read_bytes()
    payment = Payment.objects.get()
    assert payment.number.encode() in exported
    read_return(page, f"付款编号,结果,原因\n{payment.number},成功,\n".encode("gb18030"))
    stage.show(page, "payments-return")
    stage.work()
