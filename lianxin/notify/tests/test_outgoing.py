"""Texts and mail: once, sealed while they wait, capped, and never in a log."""

from __future__ import annotations

import datetime as dt
import email
import hashlib
import hmac
from email import policy

import pytest

from lianxin.jobs.api import run_due
from lianxin.jobs.testing import settle
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.transactions import atomic
from lianxin.notify.api import mail_send, sms_send
from lianxin.notify.models import OutboxSMS, Outgoing
from lianxin.notify.testing import code_to, texts_to
from lianxin.notify.tests.people import PHONE
from lianxin.notify.tests.sinks import sms_gateway, smtp_sink

pytestmark = pytest.mark.django_db


def test_a_text_is_sent_once_a_key_and_then_forgotten():
    with atomic():
        sms_send(PHONE, "验证码 482913", key="code:1")
        sms_send(PHONE, "验证码 999999", key="code:1")
    waiting = Outgoing.objects.get()
    assert waiting.text is not None
    assert "482913" not in waiting.text.token
    assert code_to(PHONE) == "482913"
    sent = Outgoing.objects.get()
    assert (sent.state, sent.text, sent.address) == ("sent", None, None)
    settle()
    assert OutboxSMS.objects.count() == 1


def test_one_number_gets_only_so_many_a_day(settings):
    settings.SMS_CAP_PER_PHONE = 3
    for number in range(3):
        sms_send(PHONE, "hello", key=str(number))
    with pytest.raises(RefusedError):
        sms_send(PHONE, "hello", key="one more")
    sms_send(PHONE, "hello", key="2")
    sms_send("+8610000000082", "hello", key="another phone")
    Outgoing.objects.update(created_at=clock.now() - dt.timedelta(days=1))
    sms_send(PHONE, "hello", key="tomorrow")


def test_the_house_sends_only_so_many_a_day(settings):
    settings.SMS_CAP_PER_DAY = 2
    sms_send(PHONE, "hello", key="1")
    sms_send("+8610000000082", "hello", key="2")
    with pytest.raises(RefusedError):
        sms_send("+8610000000083", "hello", key="3")


def test_a_text_that_comes_too_late_is_dropped():
    sms_send(PHONE, "482913", key="1", useful_for=dt.timedelta(minutes=5))
    Outgoing.objects.update(useful_until=clock.now() - dt.timedelta(seconds=1))
    assert texts_to(PHONE) == []
    assert Outgoing.objects.get().state == "dropped"
    assert Outgoing.objects.get().text is None


def test_the_gateway_gets_a_signed_call_and_is_asked_again_with_the_same_id(settings, caplog):
    settings.SMS_CHANNEL = "lianxin.notify.adapters.gateway.HTTPGateway"
    with sms_gateway(answers=(500,)) as (port, calls):
        settings.SMS_GATEWAY = {
            "url": f"http://127.0.0.1:{port}/send", "app_id": "lx", "secret": "s", "sign_name": "连心",
        }  # fmt: skip
        sms_send(PHONE, "验证码 482913", key="1")
        run_due()
        assert calls == []
        assert Outgoing.objects.get().state == "waiting"
        assert run_due(clock.now() + dt.timedelta(minutes=1)) == 1
    signature, body, said = calls[0]
    assert said["text"] == "验证码 482913"
    assert said["phone"] == PHONE
    assert said["id"] == str(Outgoing.objects.get().pk)
    expected = hmac.new(b"s", said["time"].encode() + b"\n" + body, hashlib.sha256).hexdigest()
    assert signature == expected
    assert Outgoing.objects.get().state == "sent"
    assert "482913" not in caplog.text
    assert PHONE not in caplog.text


def test_a_gateway_that_is_away_is_asked_again_later(settings, caplog):
    settings.SMS_CHANNEL = "lianxin.notify.adapters.gateway.HTTPGateway"
    settings.SMS_GATEWAY = {"url": "http://127.0.0.1:9/", "app_id": "lx", "secret": "s"}
    sms_send(PHONE, "482913", key="1")
    run_due()
    assert Outgoing.objects.get().state == "waiting"
    assert "482913" not in caplog.text


def test_mail_goes_by_smtp_with_the_same_id_each_time(settings):
    settings.MAIL_CHANNEL = "lianxin.notify.adapters.smtp.SMTPMail"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.DEFAULT_FROM_EMAIL = "连心 <lianxin@example.org>"
    with smtp_sink() as (port, mails):
        settings.EMAIL_PORT = port
        mail_send("lin@example.org", "新消息", "您有一条新消息。", key="1")
        settle()
    mail = email.message_from_bytes(mails[0].encode(), policy=policy.default)
    assert mail["To"] == "lin@example.org"
    assert mail["Subject"] == "新消息"
    assert mail["Message-ID"] == f"<{Outgoing.objects.get().pk}@example.org>"
    assert mail.get_content().strip() == "您有一条新消息。"


def test_the_outbox_page_shows_the_code_in_demo_mode_only(client, settings):
    sms_send(PHONE, "您的验证码是 482913，请勿转告他人。", key="1")
    settle()
    page = client.get("/outbox/")
    assert page.status_code == 200
    assert "482913" in page.text
    assert "100****0081" in page.text
    assert PHONE not in page.text
    assert client.post("/outbox/").status_code == 405
    settings.DEMO = False
    assert client.get("/outbox/").status_code == 404
