"""The inbox and the demo outbox in a real Chromium: fit for everyone, the code can be picked up."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from lianxin.files.testing import sign_in, user_of
from lianxin.jobs.testing import settle
from lianxin.notify.api import notify, sms_send
from lianxin.notify.models import InboxMessage
from lianxin.notify.tests.people import PHONE
from lianxin.ui.testing import (
    Look,
    axe_clean,
    chromium,
    context_of,
    looks,
    overflow,
    shot,
    too_small,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.looks]
SOME = [
    *looks((360,), ("light",), ("normal", "large"), ("zh-hans",)),
    Look(1280, "dark", "normal", "en"),
]


@pytest.fixture
def lin():
    lin = user_of("Lin")
    for number in range(3):
        notify(
            account_id=lin.pk,
            kind="case",
            title="您的困难帮扶申请已经送到区总工会",
            body="周兰会在 11 月 26 日前答复您。\n\n有事可以打 12351。",
            url="/",
            key=str(number),
            urgent=number == 2,
        )
    InboxMessage.objects.filter(key="0").update(read_at="2026-11-22T00:00Z")
    sms_send(PHONE, "您的验证码是 482913，5 分钟内有效，请不要告诉别人。", key="code")
    settle()
    return lin


def test_messages_are_fit_for_everyone(live_server, lin):
    """Takes some seconds: a browser, four pages in three looks."""
    client = Client()
    sign_in(client, lin)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    message = InboxMessage.objects.get(key="2")
    pages = {"inbox": "/inbox/", "message": f"/inbox/{message.pk}/", "outbox": "/outbox/"}
    with chromium() as browser:
        for look in SOME:
            context = context_of(browser, live_server.url, look)
            key = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": key, "value": session, "url": live_server.url}])
            page = context.new_page()
            for name, url in pages.items():
                page.goto(live_server.url + url)
                shot(page, f"{name}-{look}")
                axe_clean(page)
                is_big = look.size != "normal"
                assert too_small(page, 60 if is_big else 44, 18 if is_big else 12) == []
                assert overflow(page) == 0
            assert (
                page.locator("[data-to='100****0081'] [data-code]").first.inner_text() == "482913"
            )
            context.close()
