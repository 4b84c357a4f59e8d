"""School aid in autumn: three levels, a notice, a payment the bank sends back, and paid once."""

from __future__ import annotations

from playwright.sync_api import expect

from lianxin.procedures.models import Payment
from tests.journeys.deeds import apply, decide, pay, press, read_return

RIGHT_ACCOUNT = "6222990000000000025"


def test_school_aid_comes_back_from_the_bank_and_is_paid_once(stage):
    lin = stage.person("lin")
    dossier = apply(stage, lin, "school-aid", {"tier": "relative", "tuition": "6800"})
    for key, step in (("wang", "district_review"), ("chen", "decision")):
        decide(stage, key, dossier)
        assert dossier.step.code == step
    decide(stage, "zhou", dossier, {"amount_fen": "5000"})
    assert dossier.step.code == "notice"
    stage.wait(days=10)
    dossier.refresh_from_db()
    assert dossier.step.code == "payment"
    returned = pay(stage, "失败", "账号与户名不符")
    assert returned.state == "returned"
    _correct_account(stage, lin, dossier)
    paid = pay(stage)
    assert (paid.state, paid.amount_fen) == ("paid", 500_000)
    _bank_says_it_again(stage, paid)
    assert Payment.objects.filter(dossier=dossier, state="paid").count() == 1
    dossier.refresh_from_db()
    assert dossier.state == "closed"
    lin.goto(f"/cases/{dossier.pk}/")
    expect(lin.locator("main .sum").first).to_contain_text("5,000")
    stage.show(lin, "school-paid")


def _correct_account(stage, lin, dossier) -> None:
    lin.goto(f"/cases/{dossier.pk}/")
    expect(lin.locator("main")).to_contain_text("账号与户名不符")
    stage.show(lin, "school-returned")
    press(lin, f"main a.primary[href='/cases/{dossier.pk}/account/']")
    lin.locator("input[name=account]").fill(RIGHT_ACCOUNT)
    press(lin, "main form button.primary")
    expect(lin.locator("main form input[name=account]")).to_have_count(0)
    stage.work()


def _bank_says_it_again(stage, paid: Payment) -> None:
    page = stage.person("qian")
    again = f"付款编号,结果,原因\n{paid.number},成功,\n"
    read_return(page, (again * 2).encode("gb18030"))
    expect(page.locator("main section[role=status]")).to_be_visible()
