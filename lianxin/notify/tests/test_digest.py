"""Word of the inbox: one digest instead of ten pings, none at night, nothing of what is discreet."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from lianxin.jobs.testing import settle
from lianxin.kit import clock
from lianxin.notify import services
from lianxin.notify.api import Address, notify
from lianxin.notify.models import InboxMessage, OutboxSMS
from lianxin.notify.testing import texts_to
from lianxin.notify.tests.people import LIN, PHONE, reachable

pytestmark = pytest.mark.django_db
# Never asleep, whatever the clock says when the tests run.
AWAKE = Address(quiet_from=dt.time(0), quiet_until=dt.time(0, 0, 0, 1))
ASLEEP = Address(quiet_from=dt.time(0, 0, 0, 1), quiet_until=dt.time(0))


@pytest.fixture
def lin():
    with reachable(lin=replace(AWAKE, phone=PHONE)):
        yield


def tell(key, minutes_ago=30, **more):
    said = {"title": "您的申请有进展", "body": "。", "url": "/", **more}
    notify(account_id=LIN, kind="case", key=key, **said)
    InboxMessage.objects.filter(key=key).update(
        created_at=clock.now() - dt.timedelta(minutes=minutes_ago)
    )


def test_ten_messages_are_one_text(lin):
    for number in range(10):
        tell(str(number))
    assert services.digest_send() == 1
    assert services.digest_send() == 0
    assert texts_to(PHONE) == ["您有 10 条新消息，打开连心就能看到。"]


def test_one_message_says_what_it_is_about(lin):
    tell("1")
    services.digest_send()
    assert texts_to(PHONE) == ["您的申请有进展。打开连心查看详情。"]


def test_of_a_discreet_message_the_phone_learns_nothing(lin):
    tell("1", title="心理咨询预约成功", discreet=True)
    services.digest_send()
    tell("2", title="心理咨询改期", discreet=True, urgent=True)
    texts = texts_to(PHONE)
    assert len(texts) == 2
    assert set(texts) == {"您有一条新消息，打开连心就能看到。"}


def test_messages_gather_before_they_are_carried(lin):
    tell("1", minutes_ago=0)
    assert services.digest_send() == 0
    tell("2", minutes_ago=30)
    assert services.digest_send() == 1
    assert "2 条" in texts_to(PHONE)[0]


def test_a_digest_is_followed_by_a_pause(lin):
    tell("1")
    services.digest_send()
    tell("2")
    assert services.digest_send() == 0
    InboxMessage.objects.filter(key="1").update(carried_at=clock.now() - dt.timedelta(hours=4))
    assert services.digest_send() == 1


def test_at_night_nothing_is_sent_and_in_the_morning_one():
    with reachable(lin=replace(ASLEEP, phone=PHONE)):
        tell("1")
        assert services.digest_send() == 0
    with reachable(lin=replace(AWAKE, phone=PHONE)):
        assert services.digest_send() == 1


def test_urgent_goes_at_once_and_once(lin):
    tell("1", urgent=True)
    tell("1", urgent=True)
    settle()
    assert len(texts_to(PHONE)) == 1
    assert services.digest_send() == 0


def test_what_has_been_read_is_not_carried(lin):
    tell("1")
    services.all_mark_read(account_id=LIN)
    assert services.digest_send() == 0
    assert texts_to(PHONE) == []


def test_a_digest_goes_by_mail_where_there_is_one_and_an_urgent_word_by_phone():
    with reachable(lin=replace(AWAKE, phone=PHONE, mail="lin@example.org")):
        tell("1")
        services.digest_send()
        tell("2", urgent=True)
        settle()
    assert set(OutboxSMS.objects.values_list("channel", "masked")) == {
        ("mail", "l***@example.org"),
        ("sms", "100****0081"),
    }


def test_who_wants_no_texts_gets_none():
    with reachable(lin=replace(AWAKE, phone=PHONE, may_sms=False)):
        tell("1")
        assert services.digest_send() == 0
        tell("2", urgent=True)
        assert texts_to(PHONE) == []


def test_a_digest_speaks_the_readers_language():
    with reachable(lin=replace(AWAKE, phone=PHONE, language="en")):
        tell("1")
        tell("2")
        services.digest_send()
    assert texts_to(PHONE) == ["You have 2 new messages. Open Lianxin to read them."]


def test_a_phone_that_had_enough_today_is_left_in_peace(lin, settings):
    settings.SMS_CAP_PER_PHONE = 0
    tell("1")
    assert services.digest_send() == 0
    assert texts_to(PHONE) == []


def test_old_things_go(lin):
    tell("old")
    services.all_mark_read(account_id=LIN)
    long_ago = clock.now() - dt.timedelta(days=800)
    InboxMessage.objects.update(created_at=long_ago, read_at=long_ago)
    tell("new")
    assert services.old_purge() == 1
    assert set(InboxMessage.objects.values_list("key", flat=True)) == {"new"}
