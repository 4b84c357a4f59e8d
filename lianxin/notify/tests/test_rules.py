"""Quiet hours, masks, own addresses, codes."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.notify.rules import (
    SHANGHAI,
    Address,
    code_in,
    day_start,
    is_own_path,
    mask_mail,
    mask_phone,
)


def at(hour, minute=0):
    return dt.datetime(2026, 11, 26, hour, minute, tzinfo=SHANGHAI).astimezone(dt.UTC)


def test_the_night_is_quiet_until_eight():
    lin = Address()
    assert lin.is_quiet(at(22))
    assert lin.is_quiet(at(3))
    assert lin.is_quiet(at(7, 59))
    assert not lin.is_quiet(at(8))
    assert not lin.is_quiet(at(21, 59))


def test_one_may_choose_other_hours_also_within_a_day():
    night_worker = Address(quiet_from=dt.time(9), quiet_until=dt.time(17))
    assert night_worker.is_quiet(at(12))
    assert not night_worker.is_quiet(at(23))


@given(st.from_regex(r"\+861[0-9]{10}", fullmatch=True))
def test_a_masked_number_shows_three_and_four_digits(phone):
    masked = mask_phone(phone)
    assert masked[:3] == phone[3:6]
    assert masked[-4:] == phone[-4:]
    assert masked.count("*") == 4


def test_short_numbers_and_mail_are_masked_too():
    assert mask_phone("12351") == "***"
    assert mask_mail("lin@example.org") == "l***@example.org"


@pytest.mark.parametrize(
    "url",
    ["//evil.example", "https://evil.example", "javascript:x", "/\\evil", "", "x", "/a b", "/\nx"],
)
def test_a_message_leads_nowhere_else(url):
    assert not is_own_path(url)


def test_a_message_leads_to_our_own_pages():
    assert is_own_path("/my/cases/1/?x=1#part")


def test_a_code_is_found_and_a_phone_number_is_none():
    assert code_in("验证码 482913，5 分钟内有效。") == "482913"
    assert code_in("请拨打 13800138000") == ""


def test_addresses_fill_each_others_gaps_and_a_refusal_holds():
    known = Address(phone="+8610000000081", may_sms=None).filled_from(
        Address(phone="+8610000000099", mail="lin@example.org", may_sms=False)
    )
    assert known.phone == "+8610000000081"
    assert known.sms_to == ""
    assert known.mail_to == "lin@example.org"
    assert "1000" not in repr(known)


def test_a_day_begins_at_midnight_in_shanghai():
    assert day_start(at(0, 30)).astimezone(SHANGHAI).hour == 0
    assert day_start(at(0, 30)) <= at(0, 30)
