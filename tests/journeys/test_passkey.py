"""Lin makes a passkey and comes in by her finger; Wang opens her desk with one. In a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import CDPSession, Page, expect

from lianxin.members.testing import id_number_of
from tests.journeys.deeds import press

pytestmark = pytest.mark.usefixtures("named")
PASSWORD = "four-words-nobody-guesses"  # noqa: S105  (an invented person's)


@pytest.fixture
def named(stage):
    """A passkey is for a name; an address of numbers has none."""
    stage.url = stage.url.replace("127.0.0.1", "localhost")


def test_lin_makes_a_passkey_and_comes_in_by_her_finger(stage):
    lin = stage.person("lin")
    chip = _chip(lin)
    lin.goto("/me/ways/")
    stage.show(lin, "ways")
    press(lin, "main a[href='/me/ways/passkey/']")
    stage.show(lin, "ways-open")
    _who(lin, "lin")
    stage.show(lin, "passkey-add")
    lin.locator("input[name=name]").fill("我的手机")
    press(lin, "form[data-passkey] button.primary")
    expect(lin.locator("main")).to_contain_text("我的手机")
    stage.show(lin, "ways-with-passkey")
    press_out(lin)
    lin.goto("/sign-in/?next=/me/ways/")
    stage.show(lin, "sign-in-with-passkey")
    press(lin, "form[data-passkey] button")
    for box in lin.locator("main form input[type=checkbox]").all():
        box.check()
    press(lin, "main form button.primary")  # she has not agreed to the policy before
    expect(lin).to_have_url(re.compile("/me/ways/$"))
    # A finger that is not hers opens nothing, and the page says what else one can do.
    press_out(lin)
    chip.send("WebAuthn.setUserVerified", {**chip_id(chip), "isUserVerified": False})
    lin.goto("/sign-in/")
    lin.locator("form[data-passkey] button").click()
    expect(lin.locator("[data-passkey-status]")).to_be_visible()
    stage.show(lin, "passkey-refused")


def test_wang_opens_her_desk_with_a_passkey_after_her_password(stage):
    wang = _password(stage, stage.visitor())
    _chip(wang)
    expect(wang).to_have_url(re.compile("/second-factor/app/"))
    press(wang, "main a[href='/me/ways/passkey/']")
    press(wang, "form[data-passkey] button.primary")
    expect(wang).to_have_url(re.compile("/second-factor/codes/"))
    press(wang, "main form button.primary")
    expect(wang).to_have_url(re.compile("/desk/"))
    stage.clock.move(minutes=1)
    press_out(wang)
    wang.goto("/sign-in/officer/?next=/desk/")
    _type(wang)
    stage.show(wang, "officer-second-factor-passkey")
    wang.goto("/sign-in/second-factor/?next=/desk/")
    press(wang, "form[data-passkey] button.primary")
    expect(wang).to_have_url(re.compile("/desk/$"))


def test_without_script_the_other_ways_stand(stage):
    page = stage.visitor(script=False)
    page.goto("/sign-in/")
    expect(page.locator("form[data-passkey]")).to_be_hidden()
    expect(page.locator("input[name=phone]")).to_be_visible()
    lin = stage.person("lin", script=False)
    lin.goto("/me/ways/passkey/")
    _who(lin, "lin")
    expect(lin.locator("[data-passkey-missing]")).to_be_visible()
    expect(lin.locator("form[data-passkey]")).to_be_hidden()


def _password(stage, page: Page) -> Page:
    account = stage.town.account("wang")
    account.set_password(PASSWORD)
    account.save()
    page.goto("/sign-in/officer/?next=/desk/")
    _type(page)
    return page


def _type(page: Page) -> None:
    page.locator("[name=login_name]").fill("wang")
    page.locator("[name=password]").fill(PASSWORD)
    press(page, "main form button.primary")


def _who(page: Page, key: str) -> None:
    """Answer who one is."""
    expect(page).to_have_url(re.compile("/ways/open/"))
    page.locator("input[name=answer]").fill(id_number_of(key)[-6:])
    press(page, "main form button.primary")


def press_out(page: Page) -> None:
    page.goto("/sign-out/")
    press(page, "main form button.primary")


CHIPS: dict[CDPSession, str] = {}


def _chip(page: Page) -> CDPSession:
    """Give a browser an authenticator of its own: a phone's chip, with the right finger on it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                     "hasUserVerification": True, "isUserVerified": True}},
    )  # fmt: skip
    CHIPS[session] = made["authenticatorId"]
    return session


def chip_id(session: CDPSession) -> dict[str, str]:
    return {"authenticatorId": CHIPS[session]}
