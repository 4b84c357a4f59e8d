"""The first sign-in on a phone; then a new device, and somebody who got the number later."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from lianxin.accounts.api import User
from lianxin.members.api import Member
from lianxin.members.testing import invented_id_number, member_make
from lianxin.orgs.testing import invented_phone
from tests.journeys.deeds import apply, press

SERIAL = 77
BORN = dt.date(1990, 5, 17)
PHONE = invented_phone(SERIAL).removeprefix("+86")
ID_NUMBER = invented_id_number(BORN, SERIAL)
HOME = re.compile(r"^http://[^/]+/$")


@pytest.fixture
def mei(stage) -> Member:
    """A worker who stands on the roll and never signed in."""
    return member_make("梅朵", stage.town.organisation("yangtze"), serial=SERIAL, birth_on=BORN)


def test_a_worker_signs_in_for_the_first_time_and_is_found_on_the_roll(stage, mei):
    page, accounts = stage.visitor(), User.objects.count()
    page.goto("/")
    stage.show(page, "sign-in-home")
    _code(stage, page)
    assert User.objects.count() == accounts  # before she agrees, nothing is kept
    _agree(stage, page)
    stage.show(page, "sign-in-roll")
    for box in page.locator("main form input[type=checkbox]").all():
        box.check()
    page.locator("input[name=name]").fill("梅朵")
    page.locator("input[name=id_number]").fill(ID_NUMBER)
    press(page, "main form button.primary")
    expect(page).to_have_url(HOME)
    expect(page.locator("main")).to_contain_text("梅朵")
    mei.refresh_from_db()
    assert mei.account is not None
    stage.show(page, "sign-in-landed")

    dossier = apply(stage, page, "certification-channel")
    _new_device_asks(stage, page, dossier.number)
    _number_changes_hands(stage, dossier.number)


def _new_device_asks(stage, page: Page, number: str) -> None:
    stage.wait(minutes=10)
    other = stage.visitor()
    _code(stage, other)
    expect(other).to_have_url(re.compile("/who/"))
    stage.show(other, "sign-in-who")
    other.locator("[name=answer]").fill("00000X")
    press(other, "main form button.primary")
    expect(other).to_have_url(re.compile("/who/"))
    other.locator("[name=answer]").fill(ID_NUMBER[-6:])
    press(other, "main form button.primary")
    expect(other).to_have_url(HOME)
    other.goto("/cases/")
    expect(other.locator("main")).to_contain_text("技能")


def _number_changes_hands(stage, number: str) -> None:
    stage.wait(days=40)
    stranger = stage.visitor()
    _code(stage, stranger)
    expect(stranger).to_have_url(re.compile("/who/"))
    press(stranger, "main a[href$='/new-holder/']")
    stage.show(stranger, "sign-in-new-holder")
    press(stranger, "main form button.primary")
    _agree(stage, stranger)
    press(stranger, "main form button[name=later]")
    expect(stranger).to_have_url(HOME)
    for path in ("/", "/cases/", "/me/", "/me/facts/", "/inbox/"):
        stranger.goto(path)
        for secret in ("梅朵", number, "扬子机械厂"):
            expect(stranger.locator("body")).not_to_contain_text(secret)


def _code(stage, page: Page) -> None:
    """Type the number, then the code that came."""
    page.goto("/sign-in/")
    page.locator("input[name=phone]").fill(PHONE)
    press(page, "main form button.primary")
    page.locator("input[name=code]").fill(stage.sent_code())
    press(page, "main form button.primary")


def _agree(stage, page: Page) -> None:
    expect(page).to_have_url(re.compile("/agree/"))
    stage.show(page, "sign-in-agree")
    for box in page.locator("main form input[type=checkbox]").all():
        expect(box).not_to_be_checked()
        box.check()
    press(page, "main form button.primary")
    expect(page).to_have_url(re.compile("/me/membership/"))
