"""No valid paper is refused, no single wrong digit of a resident's number passes."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from lianxin.members.rules.identity import (
    CHECK_DIGITS,
    PROVINCES,
    IdentityError,
    IdKind,
    check_digit,
    identity_of,
)

TODAY = dt.date(2026, 11, 22)
BIRTHS = st.dates(dt.date(1880, 1, 1), TODAY)
AREAS = st.sampled_from(sorted(PROVINCES)).flatmap(
    lambda province: st.integers(0, 9999).map(lambda rest: f"{province}{rest:04d}")
)
SERIALS = st.integers(0, 999).map(lambda serial: f"{serial:03d}")


def _number(area: str, birth_on: dt.date, serial: str) -> str:
    first = f"{area}{birth_on:%Y%m%d}{serial}"
    return first + check_digit(first)


def _wrong(number: str) -> list[str]:
    """Change each of the 18 places to each other character that may stand there."""
    return [
        number[:at] + other + number[at + 1 :]
        for at in range(18)
        for other in (CHECK_DIGITS if at == 17 else "0123456789")
        if other != number[at]
    ]


def _is_refused(number: str, kind: IdKind | None) -> bool:
    try:
        identity_of(number, kind, today=TODAY)
    except IdentityError:
        return True
    return False


@given(AREAS, BIRTHS, SERIALS)
def test_every_well_formed_resident_number_is_taken(area, birth_on, serial):
    found = identity_of(_number(area, birth_on, serial), today=TODAY)
    assert found.birth_on == birth_on
    assert found.sex == ("1" if int(serial) % 2 else "2")


@given(AREAS, st.dates(dt.date(1900, 1, 1), dt.date(1999, 12, 31)), SERIALS)
def test_every_first_generation_number_of_15_is_taken(area, birth_on, serial):
    found = identity_of(f"{area}{birth_on:%y%m%d}{serial}", today=TODAY)
    assert found.number == _number(area, birth_on, serial)


@pytest.mark.parametrize("kind", [None, IdKind.RESIDENT])
def test_every_single_wrong_digit_of_five_hundred_numbers_is_found(kind):
    """All 163 changes of one place, of numbers of every province and every check digit."""
    chance = random.Random(18)  # noqa: S311  (invented people need no cryptography)
    provinces = sorted(PROVINCES)
    seen = set()
    for at in range(500):
        born = dt.date(1930, 1, 1) + dt.timedelta(days=chance.randrange(35_000))
        area = f"{provinces[at % len(provinces)]}{chance.randrange(10_000):04d}"
        number = _number(area, born, f"{chance.randrange(1000):03d}")
        seen.add(number[17])
        passed = [wrong for wrong in _wrong(number) if not _is_refused(wrong, kind)]
        assert not passed, number
    assert seen == set(CHECK_DIGITS)


@given(AREAS, BIRTHS, SERIALS)
def test_the_check_digit_agrees_with_an_independent_reckoning(area, birth_on, serial):
    first = f"{area}{birth_on:%Y%m%d}{serial}"
    assert check_digit(first) == ric.calc_check_digit(f"{first}0")


@pytest.mark.parametrize("area", ["810000", "820000", "830000"])
def test_residence_permits_of_hong_kong_macau_and_taiwan_people_are_taken(area):
    number = _number(area, dt.date(1988, 2, 29), "123")
    for kind in (None, IdKind.RESIDENT, IdKind.HKMO_PERMIT, IdKind.TAIWAN_PERMIT):
        found = identity_of(number, kind, today=TODAY)
        assert (found.birth_on, found.sex) == (dt.date(1988, 2, 29), "1")


@given(st.sampled_from("HM"), st.integers(0, 10**8 - 1), st.one_of(st.none(), st.integers(0, 99)))
def test_every_home_visit_permit_is_taken_with_and_without_its_count(letter, serial, count):
    typed = f"{letter}{serial:08d}" + ("" if count is None else f"{count:02d}")
    for kind in (None, IdKind.HKMO_PERMIT):
        assert identity_of(typed.lower(), kind, today=TODAY).kind is IdKind.HKMO_PERMIT


@given(st.integers(0, 10**8 - 1), st.sampled_from(["", "(01)(B)", "01B", "02", "01A"]))
def test_every_taiwan_permit_is_taken_in_its_new_and_its_old_form(serial, tail):
    found = identity_of(f"{serial:08d}{tail}", IdKind.TAIWAN_PERMIT, today=TODAY)
    assert found.kind is IdKind.TAIWAN_PERMIT
    assert found.number.isalnum()


@given(st.from_regex(r"[A-Z]{3}[0-9]{12}", fullmatch=True))
def test_every_foreigner_s_residence_card_of_15_is_taken(typed):
    for kind in (None, IdKind.FOREIGN_RESIDENT):
        assert identity_of(typed, kind, today=TODAY).kind is IdKind.FOREIGN_RESIDENT


@given(st.sampled_from(["11", "31", "44", "65"]), st.integers(0, 999), BIRTHS, SERIALS)
def test_every_foreigner_s_residence_card_of_18_is_taken_and_checked(
    province, country, birth_on, serial
):
    number = _number(f"9{province}{country:03d}", birth_on, serial)
    for kind in (None, IdKind.FOREIGN_RESIDENT, IdKind.RESIDENT):
        found = identity_of(number, kind, today=TODAY)
        assert (found.kind, found.birth_on) == (IdKind.FOREIGN_RESIDENT, birth_on)
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    assert _is_refused(wrong, None)
    assert _is_refused(wrong, IdKind.FOREIGN_RESIDENT)


@given(st.from_regex(r"[A-Z]{1,2}[0-9]{6,9}", fullmatch=True))
def test_every_passport_is_taken(typed):
    assert identity_of(typed, IdKind.PASSPORT, today=TODAY).number == typed
    assert identity_of(typed, today=TODAY).number == typed


@given(st.from_regex(r"[0-9]{8,9}", fullmatch=True))
def test_a_passport_of_digits_alone_is_taken_where_the_sheet_says_what_it_is(typed):
    assert identity_of(typed, IdKind.PASSPORT, today=TODAY).kind is IdKind.PASSPORT
