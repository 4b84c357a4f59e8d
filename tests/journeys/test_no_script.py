"""A browser that runs no script: one service from the first tap to the last word."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from lianxin.procedures.api import Dossier
from tests.journeys.deeds import fill_screens, open_desk, pass_step, press


def test_a_service_works_from_start_to_end_without_javascript(stage):
    lin = stage.person("lin", script=False)
    lin.goto("/services/")
    press(lin, "main a[href='/services/certification-channel/']")
    press(lin, "main a[href$='/certification-channel/apply/']")
    fill_screens(lin, "certification-channel", {"years": "7"})
    press(lin, "main form button[name=send]")
    expect(lin).to_have_url(re.compile("/sent/"))
    dossier = Dossier.objects.get()
    press(lin, f"main a.primary[href='/cases/{dossier.pk}/']")
    press(lin, f"main a[href='/cases/{dossier.pk}/amend/']")
    lin.locator("main [name=years]").fill("8")
    press(lin, "main form button.primary")
    expect(lin.locator("main")).to_contain_text("8")
    for key in ("wang", "chen", "chen", "chen"):
        officer = open_desk(stage, key, dossier, script=False)
        pass_step(officer)
        stage.work()
    dossier.refresh_from_db()
    assert (dossier.state, dossier.outcome) == ("closed", "granted")
    lin.goto(f"/cases/{dossier.pk}/rate/")
    lin.locator("main form input[type=radio]").first.check()
    press(lin, "main form button.primary")
    expect(lin).to_have_url(re.compile(f"/cases/{dossier.pk}/$"))
