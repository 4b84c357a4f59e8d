"""The arithmetic of signing in."""

from __future__ import annotations

import base64
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.accounts import rules

MOMENTS = st.integers(1_600_000_000, 4_000_000_000).map(
    lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC)
)


@pytest.mark.parametrize(
    "typed",
    ["13912345678", "139 1234 5678", "139-1234-5678", "+86 139 1234 5678", "008613912345678",
     "１３９１２３４５６７８", " 13912345678\u200b", "86 13912345678"],
)  # fmt: skip
def test_one_number_has_one_form(typed: str) -> None:
    assert rules.normal_phone(typed, strict=True) == "+8613912345678"


@pytest.mark.parametrize("typed", ["", "12351", "01065678888", "1391234567", "139123456789", "x"])
def test_what_is_no_mobile_number_has_none(typed: str) -> None:
    assert rules.normal_phone(typed, strict=False) == ""


def test_a_number_nobody_owns_is_good_enough_for_the_demo_only() -> None:
    assert rules.normal_phone("10000000001", strict=False) == "+8610000000001"
    assert rules.normal_phone("10000000001", strict=True) == ""


@given(st.text(max_size=40))
def test_any_typing_is_a_number_or_none(typed: str) -> None:
    found = rules.normal_phone(typed, strict=False)
    assert found == "" or found.startswith("+")
    if found:
        assert rules.normal_phone(found, strict=False) == found


def test_a_mask_shows_head_and_tail() -> None:
    assert rules.masked_phone("+8613912345678") == "139 **** 5678"
    assert rules.masked_phone("+86139") == "****"
    assert rules.shown_phone("+8613912345678") == "139 1234 5678"
    assert rules.shown_phone("+4930123456") == "+4930123456"


def test_codes_have_six_digits() -> None:
    codes = [rules.new_code() for _ in range(200)]
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert len(set(codes)) > 190


def test_a_typed_code_forgives_blanks_and_wide_digits() -> None:
    assert rules.typed_code(" １２３-456 ") == "123456"
    assert rules.typed_code("abcde-fghjk") == "ABCDEFGHJK"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
     (2000000000, "279037"), (20000000000, "353130")],
)  # fmt: skip
def test_codes_of_the_app_follow_rfc_6238(seconds: int, code: str) -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert rules.totp_code(secret, seconds // 30) == code


@given(MOMENTS, st.integers(-3, 3))
def test_a_code_fits_one_period_early_or_late_and_once(at: dt.datetime, off: int) -> None:
    secret = rules.new_totp_secret()
    counter = rules.totp_counter(at) + off
    code = rules.totp_code(secret, counter)
    found = rules.totp_match(secret, code, at=at, used=0)
    if abs(off) <= 1:
        assert found is not None
        assert rules.totp_match(secret, code, at=at, used=max(found, counter)) is None
    assert rules.totp_match(secret, "", at=at, used=0) is None
    assert rules.totp_match(secret, "12345", at=at, used=0) is None


def test_codes_on_paper_use_letters_nobody_mixes_up() -> None:
    codes = rules.new_recovery_codes()
    assert len(set(codes)) == rules.RECOVERY_CODES
    assert not set("".join(codes)) & set("01IOL")
    assert len(rules.new_password()) == 19


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        ("Mozilla/5.0 (Linux; Android 13; M2) MicroMessenger/8.0", "android-wechat"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17)", "iphone"),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0)", "harmony"),
        ("Mozilla/5.0 (Windows NT 10.0)", "windows"),
        ("", "other"),
    ],
)
def test_a_device_is_named_so_that_its_owner_knows_it(agent: str, kind: str) -> None:
    assert rules.device_kind(agent) == kind


def test_the_picture_for_the_app_holds_name_and_place() -> None:
    uri = rules.totp_uri("ABC", name="王", issuer="连心")
    assert uri.startswith("otpauth://totp/%E8%BF%9E%E5%BF%83:%E7%8E%8B?secret=ABC&issuer=")
