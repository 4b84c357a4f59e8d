"""The pages of the exchange in a real Chromium: fit for old eyes, big thumbs and every light.

Over five seconds: a browser starts, and each page is drawn in several looks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from lianxin.allocation.testing import booked, claim_made
from lianxin.exchange import services
from lianxin.exchange.testing import batch_of, entry_of, hall_of, picture_upload, resource_make
from lianxin.kit import clock as kit_clock
from lianxin.ui.testing import Look, chromium, fit_for_everyone, visits

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.looks]

LOOKS = [
    Look(360, "light", "normal", "zh-hans"),
    Look(360, "dark", "large", "en"),
    Look(1280, "light", "normal", "en"),
    Look(1280, "dark", "large", "zh-hans"),
]

FEWER = {"exchange-give", "exchange-change", "exchange-picture"}  # forms as others: two looks do


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def pages(town, school) -> dict[str, tuple[str | None, str]]:
    """A hall that is asked for, vouchers, a members' price, an offer that waits."""
    hall = resource_make(school, title="嘉岭夜校 · 报告厅")
    batch = resource_make(school, title="会员体检券（基础项目，空腹）", kind="health", way="voucher", quantity=60)  # fmt: skip
    call = resource_make(school, title="口腔洁治会员价", kind="discount", way="asked", price="每次 80 元，到院付")  # fmt: skip
    waits = services.resource_offer(actor=town.actor("tang"), partner=school, entry=entry_of(title="舞蹈教室"), key="w")  # fmt: skip
    claim_made(batch_of(batch), town.account_id("wang"))
    day = kit_clock.today() + dt.timedelta(days=3)
    asked = booked(hall_of(hall), town.actor("sun"), day, 4, half=36, union_id=town.organisation("beicang").pk)  # fmt: skip
    services.picture_set(actor=town.actor("tang"), resource_id=hall.pk, upload=picture_upload(), alt="明亮的报告厅")  # fmt: skip
    services.change_accept(actor=town.actor("chen"), resource_id=hall.pk)
    moved = replace(services.entry_of(batch), place="嘉岭区滨河路 9 号二楼体检中心")
    services.change_ask(actor=town.actor("tang"), resource_id=batch.pk, entry=moved, reason="体检中心搬家了")  # fmt: skip
    goose = services.resource_offer(actor=town.actor("tang"), partner=school, entry=entry_of(title="年货烧鹅券", way="voucher", quantity=2000), key="g")  # fmt: skip
    return {
        "exchange-give": ("chen", f"/desk/exchange/{goose.pk}/"),
        "exchange-change": ("tang", f"/me/exchange/{batch.pk}/change/"),
        "exchange-picture": ("tang", f"/me/exchange/{hall.pk}/picture/"),
        "exchange-list": (None, "/exchange/"),
        "exchange-filters": (None, f"/exchange/?kind=health&day={day}"),
        "exchange-hall": (None, f"/exchange/{hall.pk}/"),
        "exchange-voucher": ("lin", f"/exchange/{batch.pk}/"),
        "exchange-call": (None, f"/exchange/{call.pk}/"),
        "exchange-own": ("tang", "/me/exchange/"),
        "exchange-new": ("tang", "/me/exchange/new/"),
        "exchange-numbers": ("tang", f"/me/exchange/{batch.pk}/"),
        "exchange-bookings": ("tang", f"/me/exchange/{hall.pk}/"),
        "exchange-answer": ("tang", f"/me/exchange/bookings/{asked.pk}/"),
        "exchange-desk": ("chen", "/desk/exchange/"),
        "exchange-check": ("chen", f"/desk/exchange/{waits.pk}/"),
        "exchange-totals": ("chen", f"/desk/exchange/{batch.pk}/"),
    }


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_is_fit_for_everyone(browser, live_server, pages, as_, look) -> None:
    sessions = {None: ""}
    with visits(browser, live_server.url, look) as page_of:
        for name, (who, path) in pages.items():
            if name in FEWER and look not in LOOKS[1:3]:
                continue
            if who not in sessions:
                sessions[who] = as_(who).cookies[settings.SESSION_COOKIE_NAME].value
            page = page_of(sessions[who])
            page.goto(path)
            fit_for_everyone(page, look, name)
