"""Identity papers: resident numbers by GB 11643 (check digit and real date), others by their form.

Area codes are not judged: the published lists change, and half of all valid numbers were issued
under areas that have been renamed since. An unknown area is a warning at most.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from operator import mul

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
OLDEST_YEAR = 1880


class IdKind(StrEnum):
    RESIDENT = "resident"  # 居民身份证; 港澳台居民居住证 (810000, 820000, 830000)
    PASSPORT = "passport"  # 护照
    HKMO_PERMIT = "hkmo_permit"  # 港澳居民来往内地通行证
    TAIWAN_PERMIT = "taiwan_permit"  # 台湾居民来往大陆通行证
    FOREIGN_RESIDENT = "foreign_resident"  # 外国人永久居留身份证, 15 characters or, since 2023, 18


class IdProblem(StrEnum):
    EMPTY = "id_empty"
    FORM = "id_form"
    LENGTH = "id_length"
    DATE = "id_date"
    CHECK_DIGIT = "id_check_digit"
    CUT_OFF = "id_cut_off"


class IdentityError(ValueError):
    """What was typed is no identity number; `problem` says why."""

    def __init__(self, problem: IdProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Identity:
    """A number in its one written form, and what it tells about its holder."""

    kind: IdKind
    number: str
    birth_on: dt.date | None = None
    sex: str = "0"  # GB/T 2261.1: 0 unknown, 1 male, 2 female
    is_area_known: bool = True


_FORMS = {
    IdKind.HKMO_PERMIT: re.compile(r"[HM]\d{8}(\d{2})?"),
    IdKind.FOREIGN_RESIDENT: re.compile(r"[A-Z]{3}\d{12}"),
    IdKind.TAIWAN_PERMIT: re.compile(r"\d{8}|\d{10}[A-Z0-9]?"),
    IdKind.PASSPORT: re.compile(r"(?=.*\d)[A-Z0-9]{6,17}"),
}
_GUESSED = (IdKind.HKMO_PERMIT, IdKind.FOREIGN_RESIDENT, IdKind.PASSPORT)
# Digits alone are no foreign paper unless somebody says so: they were meant to be a resident's. But so
# many stand on a permit of Taiwan people (the old ones have a letter behind), and on the passports of
# the United States, Britain and Taiwan.
_OF_DIGITS = (
    (re.compile(r"\d{8}|\d{10}[A-Z]?"), IdKind.TAIWAN_PERMIT),
    (re.compile(r"\d{9}"), IdKind.PASSPORT),
)
# A name of one character stands on papers of people from elsewhere alone.
SHORT_NAMES = frozenset({IdKind.PASSPORT, IdKind.FOREIGN_RESIDENT})
_NOISE = str.maketrans("", "", " \t\u3000-‐‑–—'’`()（）")


def identity_of(typed: str, kind: IdKind | None = None, *, today: dt.date) -> Identity:
    """Read a number as typed; `kind` insists on one kind of paper, else its form tells.

    Raises:
        IdentityError: it is none.
    """
    number = typed.translate(_NOISE).upper()
    if not number:
        raise IdentityError(IdProblem.EMPTY)
    if not number.isascii() or not number.isalnum():
        raise IdentityError(IdProblem.FORM)
    if kind is IdKind.RESIDENT or (kind is not IdKind.PASSPORT and _looks_resident(number, kind)):
        return _resident(number, today)
    if paper := _paper(number, kind):
        return Identity(paper, number)
    raise IdentityError(IdProblem.LENGTH if number.isdigit() else IdProblem.FORM)


def _paper(number: str, kind: IdKind | None) -> IdKind | None:
    """Say which paper of another form than a resident's this number stands on, if any."""
    if kind is not None:
        return kind if _FORMS[kind].fullmatch(number) else None
    for form, paper in _OF_DIGITS:
        if form.fullmatch(number):
            return paper
    if number.isdigit():
        return None
    return next((one for one in _GUESSED if _FORMS[one].fullmatch(number)), None)


def check_digit(first: str) -> str:
    """Return the last character for the first 17 digits (ISO 7064, MOD 11-2)."""
    return CHECK_DIGITS[sum(map(mul, map(int, first), WEIGHTS)) % 11]


def _looks_resident(number: str, kind: IdKind | None) -> bool:
    # Anything long that is digits, maybe with an X at the end, was meant to be one.
    long = 18 if kind else 12
    return (
        len(number) >= long
        and number[:-1].isdigit()
        and (number[-1].isdigit() or number[-1] == "X")
    )


def _resident(number: str, today: dt.date) -> Identity:
    if len(number) == 15 and number.isdigit():
        # Papers of the first generation: a two-digit year of the last century, no check digit.
        longer = f"{number[:6]}19{number[6:]}"
        number = longer + check_digit(longer)
    if len(number) != 18:
        raise IdentityError(IdProblem.LENGTH)
    if not number[:17].isdigit() or not (number[17].isdigit() or number[17] == "X"):
        raise IdentityError(IdProblem.FORM)
    birth_on = _date(number[6:14], today)
    if check_digit(number[:17]) != number[17]:
        raise IdentityError(IdProblem.CHECK_DIGIT)
    sex = "1" if int(number[16]) % 2 else "2"
    # 9, then the province that issued it, then the country: a foreigner's; 999999 is nobody's.
    is_foreign = number[0] == "9" and number[1:3] in _MAINLAND
    kind = IdKind.FOREIGN_RESIDENT if is_foreign else IdKind.RESIDENT
    return Identity(kind, number, birth_on, sex, is_foreign or number[:2] in PROVINCES)


def _date(digits: str, today: dt.date) -> dt.date:
    try:
        birth_on = dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise IdentityError(IdProblem.DATE) from None
    if birth_on.year < OLDEST_YEAR or birth_on > today:
        raise IdentityError(IdProblem.DATE)
    return birth_on


# First two digits of GB/T 2260; 81 to 83 residence permits of Hong Kong, Macau and Taiwan people.
_MAINLAND = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65".split()
)
PROVINCES = _MAINLAND | frozenset("66 71 81 82 83 99".split())
