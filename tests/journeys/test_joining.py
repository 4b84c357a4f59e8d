"""A courier joins by a code on the wall; her card is checked without a network; she moves on."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from lianxin.members.api import Member, member_of
from lianxin.members.testing import card_shown, counts_right, invented_id_number
from lianxin.orgs.testing import invented_phone
from lianxin.procedures.api import Dossier
from lianxin.procedures.testing import approve
from tests.journeys.conftest import MONDAY
from tests.journeys.deeds import press

PHONE = invented_phone(78).removeprefix("+86")
NUMBER = invented_id_number(dt.date(1996, 8, 12), 78)
MOST_TOUCHES = 12


@dataclass
class Thumb:
    """One thumb on a phone: every tap and every field typed into is a touch."""

    page: Page
    touches: int = 0

    def tap(self, selector: str) -> None:
        self.touches += 1
        press(self.page, selector)

    def tick(self, selector: str) -> None:
        for box in self.page.locator(selector).all():
            self.touches += 1
            box.check()

    def type(self, selector: str, text: str) -> None:
        self.touches += 1
        self.page.locator(selector).fill(text)


@pytest.fixture(autouse=True)
def counted(stage) -> None:
    counts_right()


@pytest.mark.parametrize("script", [True, False])
def test_a_courier_joins_in_twelve_touches(stage, script: bool) -> None:
    page = stage.visitor(script=script)
    # axe is a script itself.
    show = stage.show if script else lambda _page, _name: None
    thumb = Thumb(page)
    page.goto("/join/JZ-BH-JW/")  # the camera opened it
    show(page, "join-door")
    thumb.tap("main a.button.primary")
    thumb.type("input[name=phone]", PHONE)
    thumb.tap("main form button.primary")
    code = stage.sent_code()
    thumb.type("input[name=code]", code)
    thumb.tap("main form button.primary")
    thumb.tick("main form input[type=checkbox]")
    thumb.tap("main form button.primary")
    expect(page).to_have_url(re.compile("/join/JZ-BH-JW/apply/"))
    show(page, "join-apply")
    thumb.type("input[name=name]", "唐小风")
    thumb.type("input[name=id_number]", NUMBER)
    thumb.tick("main form input[type=checkbox]")
    thumb.tap("main form button.primary")
    expect(page).to_have_url(re.compile("/sent/"))
    show(page, "join-sent")
    assert thumb.touches <= MOST_TOUCHES, thumb.touches

    stage.work()
    dossier = Dossier.objects.get()
    approve(dossier, stage.town.actor("zhou"))
    stage.work()
    page.goto("/me/card/")
    show(page, "card-none")
    press(page, "main form button.primary")
    expect(page.locator("main img.code")).to_be_visible()
    show(page, "card")
    member = Member.objects.get(name="唐小风")
    assert (member.organisation.code, member.employment_form) == ("JZ-BH-JW", "flexible")


def test_a_card_is_checked_on_a_phone_without_a_network(stage) -> None:
    token = card_shown(stage.town.actor("lin"))
    page = stage.visitor()
    page.clock.set_fixed_time(MONDAY)
    page.goto("/card/verify/")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    answers = {
        token: ("good", "林*梅"),
        token[:-4] + "AAAA": ("forged", ""),
        "LX": ("form", ""),
    }
    for typed, (shown, name) in answers.items():
        page.locator("textarea[name=token]").fill(typed)
        page.locator("main form button.primary").click()
        expect(page.locator(f"[data-show={shown}]")).to_be_visible()
        if name:
            expect(page.locator("[data-name]")).to_have_text(name)
    page.clock.set_fixed_time(MONDAY + dt.timedelta(days=2))
    page.locator("textarea[name=token]").fill(token)
    page.locator("main form button.primary").click()
    expect(page.locator("[data-show=expired]")).to_be_visible()

    page.context.set_offline(False)
    card_revoked = stage.visitor()
    card_revoked.clock.set_fixed_time(MONDAY)
    press(_with_card(stage), "button[name=again]")
    card_revoked.goto(f"/card/verify/#{token}")
    expect(card_revoked.locator("[data-show=revoked]")).to_be_visible()
    stage.show(card_revoked, "card-revoked")


def _with_card(stage) -> Page:
    lin: Page = stage.person("lin")
    lin.goto("/me/card/")
    return lin


def test_a_membership_moves_with_two_yeses(stage) -> None:
    lin = stage.person("lin")
    lin.goto("/services/membership-transfer/apply/")
    press(lin, "main form button.primary")
    lin.locator("[name=to_union-find]").fill("江畔酒店工会")
    lin.locator("[name=reason][value=new_job], select[name=reason]").first.evaluate(
        "one => { if (one.tagName === 'SELECT') one.value = 'new_job'; else one.checked = true }"
    )
    press(lin, "main form button.primary")
    expect(lin).to_have_url(re.compile("/sent/"))
    stage.work()
    lin.goto("/me/card/")
    expect(lin.locator("main")).to_contain_text("江畔酒店工会")
    stage.show(lin, "card-moving")
    approve(Dossier.objects.get(), stage.town.actor("wang"))
    stage.work()
    approve(Dossier.objects.get(), stage.town.actor("ma"))
    stage.work()
    moved = member_of(stage.town.account_id("lin"))
    assert moved is not None
    assert moved.organisation.code == "JZ-BH-JW-001"
    lin.goto("/me/card/")
    stage.show(lin, "card-moved")
