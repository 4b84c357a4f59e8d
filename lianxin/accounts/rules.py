"""The arithmetic of signing in: phone numbers, one-time codes, limits, the second factor. Pure."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import secrets
import struct
from enum import StrEnum
from urllib.parse import quote, urlencode

import phonenumbers
from phonenumbers import PhoneNumberType

from lianxin.kit.text import clean

REGION = "CN"
CODE_LIFE = dt.timedelta(minutes=5)
CODE_TRIES = 5
RESEND_AFTER = dt.timedelta(seconds=60)
CODES_A_DAY_FOR_A_PHONE = 10
CODES_A_DAY_FROM_A_BROWSER = 20
# How long the pages after a proved code may take: long enough to read the privacy policy.
PROOF_LIFE = dt.timedelta(minutes=30)
# After this the pages of a run show nothing any more: the next person at the kiosk may look.
RUN_LIFE = dt.timedelta(hours=1)
# A tired phone sends twice: the same right code from the same browser is no second use.
REPLAY_GRACE = dt.timedelta(minutes=1)
TRUST_LIFE = dt.timedelta(days=180)
IDENTITY_TRIES_A_DAY = 5
FACTOR_TRIES = 5
FACTOR_PAUSE = dt.timedelta(minutes=15)
DESK_IDLE = dt.timedelta(hours=8)
SHARED_LIFE = dt.timedelta(hours=2)
HANDED_PASSWORD_LIFE = dt.timedelta(days=7)
# How long a browser may take to bring an answer back: a passkey's, or that of a provider outside.
CHALLENGE_LIFE = dt.timedelta(minutes=10)
CHALLENGES_AN_HOUR = 40
# How long a proved identity outside waits to be linked by the first code of a phone.
OUTSIDE_LIFE = dt.timedelta(minutes=30)
PASSKEYS = 10
# After showing who she is, a person may change her ways of signing in for so long.
WAYS_OPEN = dt.timedelta(minutes=15)
KIOSK_CODE_LIFE = dt.timedelta(minutes=5)
KIOSK_IDLE = dt.timedelta(minutes=2)
KIOSK_LIFE = dt.timedelta(minutes=20)
TOTP_PERIOD = 30
TOTP_DIGITS = 6
RECOVERY_CODES = 10
# Letters and digits nobody mistakes for one another.
_CLEAR = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class Stage(StrEnum):
    """Where a run of signing in stands; each stage is a page."""

    CODE = "code"
    WHO = "who"
    AGREE = "agree"
    DONE = "done"


def normal_phone(typed: str, *, strict: bool) -> str:
    """Return a mobile number as E.164, or "" if it is none.

    Demonstration numbers belong to nobody and fail a strict look.
    """
    try:
        number = phonenumbers.parse(clean(typed), REGION)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    mobile = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
    if strict and phonenumbers.number_type(number) not in mobile:
        return ""
    if number.country_code == 86 and not _looks_mobile_in_china(number.national_number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown_phone(phone: str) -> str:
    """Write a number the way people read it out: 138 0000 0001."""
    if phone.startswith("+86") and len(phone) == 14:
        digits = phone[3:]
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    return phone


def masked_phone(phone: str) -> str:
    """Keep what the holder recognises: 138 **** 0001."""
    digits = phone.removeprefix("+86")
    return f"{digits[:3]} **** {digits[-4:]}" if len(digits) > 7 else "****"


def new_user_code() -> str:
    """Make the short code of a kiosk; its letters cannot spell a word by accident (RFC 8628, 6.1)."""
    letters = "".join(secrets.choice("BCDFGHJKLMNPQRSTVWXZ") for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def shown_user_code(code: str) -> str:
    """Write a kiosk's code so that one reads it off a screen letter by letter."""
    return " ".join(code.replace("-", ""))


def typed_user_code(typed: str) -> str:
    """Fold a typed code of a kiosk into the form it is kept in."""
    letters = typed_code(typed)
    return f"{letters[:4]}-{letters[4:]}" if len(letters) == 8 else ""


def new_code() -> str:
    return f"{secrets.randbelow(10**6):06d}"


def typed_code(typed: str) -> str:
    """Fold full-width digits and drop blanks and dashes."""
    return "".join(c for c in clean(typed) if c.isalnum()).upper()


def turn_of(index: str, *, is_trusted: bool, day: dt.date, number: int) -> str:
    """Name the n-th code of a day for a phone; unique, so a double tap sends one."""
    return f"{index}:{'t' if is_trusted else 's'}:{day:%Y%m%d}:{number}"


def device_kind(user_agent: str) -> str:
    """Say in a code what kind of device this is, so that its owner knows it again in a list."""
    agent = user_agent.lower()
    system = next(
        (
            name
            for name, mark in (
                ("harmony", "harmony"),
                ("iphone", "iphone"),
                ("ipad", "ipad"),
                ("android", "android"),
                ("windows", "windows"),
                ("mac", "macintosh"),
                ("linux", "linux"),
            )
            if mark in agent
        ),
        "other",
    )
    return f"{system}-wechat" if "micromessenger" in agent else system


def new_totp_secret() -> str:
    return base64.b32encode(secrets.token_bytes(20)).decode()


def totp_counter(at: dt.datetime) -> int:
    return int(at.timestamp()) // TOTP_PERIOD


def totp_code(secret: str, counter: int) -> str:
    """Return the code of one half minute (RFC 6238 over RFC 4226, SHA-1)."""
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
    start = mac[-1] & 0x0F
    value = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return f"{value % 10**TOTP_DIGITS:0{TOTP_DIGITS}d}"


def totp_match(secret: str, typed: str, *, at: dt.datetime, used: int) -> int | None:
    """Return the counter a code belongs to, one period early or late allowed; None if to none.

    Codes up to and including the counter `used` have been given before and count no more.
    """
    here = totp_counter(at)
    found = None
    for counter in (here - 1, here, here + 1):
        same = hmac.compare_digest(totp_code(secret, counter).encode(), typed.encode())
        if same and counter > used:
            found = counter
    return found


def totp_uri(secret: str, *, name: str, issuer: str) -> str:
    """Return what the QR code holds, as authenticator apps read it."""
    query = urlencode({"secret": secret, "issuer": issuer, "digits": TOTP_DIGITS}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(name)}?{query}"


def new_recovery_codes() -> list[str]:
    return [_clear_text(5) + "-" + _clear_text(5) for _ in range(RECOVERY_CODES)]


def new_password() -> str:
    """Make a password one can read out over a table and type on a phone."""
    return "-".join(_clear_text(4) for _ in range(4))


def _clear_text(length: int) -> str:
    return "".join(secrets.choice(_CLEAR) for _ in range(length))


def _looks_mobile_in_china(national: int | None) -> bool:
    digits = str(national)
    return len(digits) == 11 and digits[0] == "1"
