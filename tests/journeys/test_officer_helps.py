"""Wang signs in with password and second factor, fills in with Lin, and Lin's code sets it going."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from lianxin.accounts.testing import totp_now, totp_of
from lianxin.procedures.api import Dossier
from tests.journeys.deeds import press
from tests.journeys.filling import fill

PASSWORD = "four-words-nobody-guesses"  # noqa: S105  (an invented person's)


def test_an_officer_signs_in_and_helps_lin_who_confirms_by_her_code(stage):
    wang = _sign_in(stage)
    stage.show(wang, "desk-after-sign-in")
    dossier = _fill_in_together(stage, wang)
    assert dossier.state == "awaiting_confirmation"
    assert dossier.submitted_at is None
    lin = stage.person("lin")
    lin.goto(f"/cases/{dossier.pk}/confirm/")
    expect(lin.locator("main")).to_contain_text("家里失火")
    stage.show(lin, "helped-confirm")
    lin.locator("input[name=code]").fill("000000")
    press(lin, "main form button.primary")
    dossier.refresh_from_db()
    assert dossier.state == "awaiting_confirmation"
    lin.locator("input[name=code]").fill(stage.sent_code())
    press(lin, "main form button.primary")
    stage.work()
    dossier.refresh_from_db()
    assert dossier.state == "open"
    assert dossier.applicant_id == stage.town.account_id("lin")
    expect(lin.locator("main")).to_contain_text("扬子机械厂工会")


def _sign_in(stage) -> Page:
    account = stage.town.account("wang")
    account.set_password(PASSWORD)
    account.save()
    secret = totp_of(account)
    page: Page = stage.visitor()
    page.goto("/desk/")
    page.goto("/sign-in/officer/?next=/desk/")
    stage.show(page, "officer-sign-in")
    page.locator("[name=login_name]").fill("wang")
    page.locator("[name=password]").fill(PASSWORD)
    press(page, "main form button.primary")
    expect(page).to_have_url(re.compile("/second-factor/"))
    stage.show(page, "officer-second-factor")
    page.goto("/desk/members/")  # the password alone opens nothing
    expect(page).to_have_url(re.compile("/second-factor/"))
    page.goto("/sign-in/second-factor/?next=/desk/")
    page.locator("[name=code]").fill(totp_now(secret))
    press(page, "main form button.primary")
    expect(page).to_have_url(re.compile("/desk/$"))
    return page


def _fill_in_together(stage, wang: Page) -> Dossier:
    wang.goto("/desk/help/?q=林晓梅")
    stage.show(wang, "helped-who")
    press(wang, "main ul.list a")
    stage.show(wang, "helped-which")
    press(wang, "main a[href$='/temporary-relief/']")
    for box in wang.locator("main form input[type=checkbox]").all():
        box.check()
    press(wang, "main form button.primary")
    for _screen in range(2):
        if "/sent/" not in wang.url:
            stage.show(wang, f"helped-{wang.url.rstrip('/').rsplit('/', 1)[-1]}")
            fill(wang, {"reason": "家里失火，急用钱。"})
            press(wang, "main form button.primary")
    expect(wang).to_have_url(re.compile("/sent/"))
    stage.show(wang, "helped-sent")
    return Dossier.objects.get()
