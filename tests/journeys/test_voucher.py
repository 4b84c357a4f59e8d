"""A voucher from offer to counter: offered, checked, taken, redeemed without a network, refused a second time."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from lianxin.allocation.api import Claim, tally_of
from lianxin.allocation.testing import ticket_made
from lianxin.exchange.models import Resource
from lianxin.exchange.selectors import pool_of
from lianxin.kit import clock
from lianxin.partners.testing import partner_make
from tests.journeys.deeds import press


def read(page: Page, token: str, verdict: str) -> None:
    page.locator("#id_read").fill(token)
    page.locator("#id_read").press("Enter")
    expect(page.locator("[data-verdict-words]")).to_have_text(verdict)


def offered(stage, tang: Page) -> str:
    """Offer two vouchers as the partner's contact; return the address of the offer."""
    tang.goto("/me/exchange/")
    press(tang, "main .actions a.button.primary")
    tang.locator("select[name=kind]").select_option("health")
    tang.locator("input[name=title]").fill("会员体检券")
    tang.locator("input[name=price]").fill("免费")
    tang.locator("input[name=way][value=voucher]").check()
    tang.locator("input[name=quantity]").fill("2")
    tang.locator("input[name=starts_on]").fill(clock.today().isoformat())
    tang.locator("input[name=ends_on]").fill("2026-12-31")
    stage.show(tang, "voucher-offer")
    press(tang, "main form button.primary")
    expect(tang).to_have_url(re.compile("/me/exchange/[0-9a-f-]{36}/"))
    return tang.url


def published(stage) -> None:
    """Look at the red lines as the district's officer, and publish it."""
    chen = stage.person("chen")
    chen.goto("/desk/exchange/")
    stage.show(chen, "voucher-waits")
    press(chen, "main ul.list a")
    for box in chen.locator("main form input[type=checkbox]").all():
        box.check()
    stage.show(chen, "voucher-check")
    press(chen, "main form button.primary")
    expect(chen.locator("main header .chip")).to_have_text("已发布")


def taken(stage, lin: Page) -> str:
    """Find it and take one; return what its code says."""
    lin.goto("/exchange/?q=huiyuan")
    stage.show(lin, "voucher-found")
    press(lin, "main ul.list a")
    stage.show(lin, "voucher-page")
    press(lin, "main form[data-rush] button.primary")
    expect(lin.locator("main img.code")).to_be_visible()
    stage.show(lin, "voucher-mine")
    return ticket_made(Claim.objects.select_related("pool", "account").get())


def redeemed(stage, tang: Page, token: str) -> None:
    """Open a counter, take its network away, show the voucher twice, bring the network back."""
    press(tang, "main form button.primary")
    stage.show(tang, "voucher-counter")
    counter = stage.visitor()
    stage.tell_time(counter)
    counter.goto(tang.locator("main a.link").first.get_attribute("href"))
    expect(counter.locator("[data-stands]")).to_contain_text("准备好了")
    counter.context.set_offline(True)
    read(counter, token, "有效，已核销")
    read(counter, token, "已经核销过，不能再用")
    read(counter, token[:-3] + "AAA", "票是假的")
    counter.context.set_offline(False)
    counter.evaluate("dispatchEvent(new Event('online'))")
    expect(counter.locator("[data-queued]")).to_have_text("0")


def test_a_voucher_is_redeemed_once_and_refused_the_second_time(stage) -> None:
    district = stage.town.organisation("jialing")
    partner_make("嘉州第二医院体检中心", district, contact=stage.town.account("tang"))
    tang, lin = stage.person("tang"), stage.person("lin")
    own = offered(stage, tang)
    published(stage)
    token = taken(stage, lin)
    tang.goto(own)
    redeemed(stage, tang, token)
    tally = tally_of(pool_of(Resource.objects.get()).pk)
    assert (tally.given, tally.used, tally.twice) == (1, 1, 1)
    tang.goto(own)
    expect(tang.locator("[data-used]")).to_have_text("1")
    expect(tang.locator("[data-twice]")).to_have_text("1")
    expect(tang.locator("main")).not_to_contain_text("林")
    stage.show(tang, "voucher-settlement")
    lin.reload()
    expect(lin.locator("main")).to_contain_text("已经用过了")
    expect(lin.locator("main img.code")).to_have_count(0)
