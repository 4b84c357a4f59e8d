"""Lin signs a kiosk in with the phone in her hand, looks at her cases, and it forgets her."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from lianxin.ui.testing import Look
from tests.journeys.deeds import press

KEY = "a-key-of-a-kiosk-that-nobody-guesses"


def test_lin_signs_a_kiosk_in_with_her_phone_and_it_forgets_her(stage, settings):
    settings.KIOSKS = {KEY: "市总工会大厅 1 号机"}
    kiosk, lin = stage.visitor(Look(width=1280)), stage.person("lin")
    kiosk.goto("/kiosk/")
    stage.show(kiosk, "kiosk-set-up")
    kiosk.locator("input[name=key]").fill(KEY)
    press(kiosk, "main form button.primary")
    code = kiosk.locator("[data-user-code]").inner_text()
    stage.show(kiosk, "kiosk-start")
    lin.goto("/me/kiosk/")
    stage.show(lin, "kiosk-code")
    lin.locator("input[name=code]").fill(code)
    press(lin, "main form button.primary")
    expect(lin.locator("main")).to_contain_text("市总工会大厅 1 号机")
    stage.show(lin, "kiosk-answer")
    press(lin, "main form button.primary")
    stage.show(lin, "kiosk-answered")
    # The screen finds out by itself.
    expect(kiosk).to_have_url(re.compile(r"^http://[^/]+/$"))
    kiosk.goto("/me/ways/")
    expect(kiosk.locator("[data-kiosk-left]")).to_be_visible()
    stage.show(kiosk, "kiosk-signed-in")
    press(kiosk, "form[action='/kiosk/finish/'] button")
    expect(kiosk).to_have_url(re.compile("/kiosk/$"))
    kiosk.goto("/me/ways/")
    expect(kiosk).to_have_url(re.compile("/sign-in/"))
