"""Names, phones and ages: their one written form, and how much of them is shown."""

from __future__ import annotations

import datetime as dt
import re

GUARDIAN_UNDER = 14
_MOBILE = re.compile(r"(?:\+?86)?(1\d{10})")
# Mobiles of Hong Kong, Macau and Taiwan; only with the code of the place, eight digits alone are nobody's.
_BEYOND = re.compile(r"\+(852[4-9]\d{7}|8536\d{7}|8860?(9\d{8}))")
_BETWEEN = str.maketrans("", "", " \t-‐‑–—().\u3000\xa0")
_DOTS = str.maketrans({"•": "·", "‧": "·", "∙": "·", "・": "·", "．": "·", "。": "·"})


def mobile_of(typed: str) -> str:
    """Return a mobile number as E.164, or "" if it is none; blanks, dashes and +86 may be in it.

    The mainland's; those of Hong Kong, Macau and Taiwan with +852, +853, +886.
    """
    digits = typed.translate(_BETWEEN)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if found := _MOBILE.fullmatch(digits):
        return f"+86{found[1]}"
    if found := _BEYOND.fullmatch(digits):
        return f"+886{found[2]}" if found[2] else f"+{found[1]}"
    return ""


def name_of(typed: str) -> str:
    """Fold a name: no blanks between Chinese characters, one kind of middle dot."""
    text = " ".join(typed.translate(_DOTS).split())
    if any("\u4e00" <= c <= "\u9fff" for c in text):
        text = text.replace(" ", "")
    return text


def is_name(text: str, *, shortest: int = 2) -> bool:
    """Say whether this can be a person's name: letters of any script, blanks, dots, no digits.

    〇 is a character people are named with, though it counts as a number. Some passports bear a name of
    one character.
    """
    letters = any(c.isalpha() or c == "〇" for c in text)
    return (
        letters
        and shortest <= len(text) <= 64
        and all(c.isalpha() or c in " ·'’-.〇" for c in text)
    )


def age_on(birth_on: dt.date, day: dt.date) -> int:
    """Return completed years; one born on 29 February comes of age on 1 March."""
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


def needs_guardian(birth_on: dt.date | None, day: dt.date) -> bool:
    """Say whether the law asks for a guardian's yes (PIPL art. 31); unknown age does not."""
    return birth_on is not None and age_on(birth_on, day) < GUARDIAN_UNDER


def phone_masked(phone: str) -> str:
    """Show whose number it is, not the number: 199****0001."""
    digits = phone.removeprefix("+86")
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "****" if digits else ""


def tail_masked(tail: str) -> str:
    """Show the last four digits alone, as lists keep them."""
    return f"···· {tail}" if tail else ""


def id_masked(number: str) -> str:
    """Show the ends of one's own identity number: 99************1X."""
    return f"{number[:2]}{'*' * (len(number) - 4)}{number[-2:]}" if len(number) > 5 else "****"


def account_masked(number: str) -> str:
    """Show the last four digits of one's own bank account."""
    return f"**** {number[-4:]}" if len(number) > 7 else "****" if number else ""
