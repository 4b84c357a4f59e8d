"""Identity numbers, phones, names and ages as pure rules."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.members.rules.identity import (
    IdentityError,
    IdKind,
    IdProblem,
    check_digit,
    identity_of,
)
from lianxin.members.rules.people import (
    age_on,
    id_masked,
    is_name,
    mobile_of,
    name_of,
    needs_guardian,
    phone_masked,
)

TODAY = dt.date(2026, 11, 22)
BIRTHS = st.dates(dt.date(1900, 1, 1), TODAY)
AREAS = st.sampled_from(["110105", "500103", "999999", "810000"])


@st.composite
def numbers(draw):
    first = f"{draw(AREAS)}{draw(BIRTHS):%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return first + check_digit(first)


def test_the_example_of_the_standard_holds():
    found = identity_of("11010519491231002X", today=TODAY)
    assert (found.birth_on, found.sex, found.kind) == (dt.date(1949, 12, 31), "2", IdKind.RESIDENT)


@given(numbers())
def test_a_number_made_by_the_standard_holds_and_tells_birth_and_sex(number):
    found = identity_of(number, today=TODAY)
    assert found.number == number
    assert f"{found.birth_on:%Y%m%d}" == number[6:14]
    assert found.sex == ("1" if int(number[16]) % 2 else "2")


@given(numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_character_never_passes(number, at, other):
    changed = number[:at] + other + number[at + 1 :]
    if changed == number:
        return
    with pytest.raises(IdentityError):
        identity_of(changed, IdKind.RESIDENT, today=TODAY)


@given(numbers(), st.integers(0, 16))
def test_two_neighbours_changed_over_never_pass(number, at):
    changed = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    if changed == number:
        return
    with pytest.raises(IdentityError):
        identity_of(changed, IdKind.RESIDENT, today=TODAY)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_number_or_a_reason(typed):
    try:
        found = identity_of(typed, today=TODAY)
    except IdentityError:
        return
    assert identity_of(found.number, found.kind, today=TODAY).number == found.number


@given(numbers().filter(lambda n: n[6:8] == "19"))
def test_an_old_number_of_15_is_the_same_person(number):
    old = number[:6] + number[8:17]
    assert identity_of(old, today=TODAY).number == number


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", IdProblem.EMPTY),
        ("11010519491231002", IdProblem.LENGTH),
        ("110105194912310021", IdProblem.CHECK_DIGIT),
        ("110105194913310029", IdProblem.DATE),
        ("110105202702290020", IdProblem.DATE),
        ("1101051949123100ZX", IdProblem.FORM),
        ("1234567", IdProblem.LENGTH),
        ("张三", IdProblem.FORM),
    ],
)
def test_each_mistake_has_its_own_reason(typed, problem):
    with pytest.raises(IdentityError) as error:
        identity_of(typed, today=TODAY)
    assert error.value.problem == problem


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("H12345678", IdKind.HKMO_PERMIT),
        ("m1234567800", IdKind.HKMO_PERMIT),
        ("E12345678", IdKind.PASSPORT),
        ("USA123456789012", IdKind.FOREIGN_RESIDENT),
    ],
)
def test_other_papers_are_known_by_their_form(typed, kind):
    assert identity_of(typed, today=TODAY).kind == kind


def test_a_number_of_digits_is_a_taiwan_permit_only_if_the_sheet_says_so():
    assert identity_of("12345678", IdKind.TAIWAN_PERMIT, today=TODAY).kind == IdKind.TAIWAN_PERMIT


@pytest.mark.parametrize(
    "typed",
    ["19900000001", "+86 199 0000 0001", "86-199-0000-0001", "0086 19900000001", "199 0000 0001"],
)
def test_a_phone_is_one_number_however_it_is_written(typed):
    assert mobile_of(typed) == "+8619900000001"


@pytest.mark.parametrize("typed", ["", "1990000000", "29900000001", "199000000011", "电话"])
def test_what_is_no_mobile_number_is_none(typed):
    assert mobile_of(typed) == ""


def test_names_lose_their_blanks_and_keep_their_dots():
    assert name_of("林　晓 梅") == "林晓梅"
    assert name_of("阿依古丽•买买提") == "阿依古丽·买买提"
    assert name_of("Ann  Lee") == "Ann Lee"
    assert is_name("阿依古丽·买买提")
    assert not is_name("林1")


@given(BIRTHS, BIRTHS)
def test_age_is_never_off_by_a_year(birth_on, day):
    years = age_on(birth_on, day)
    if birth_on <= day:
        assert years == (day.year - birth_on.year) - (
            (day.month, day.day) < (birth_on.month, birth_on.day)
        )
        assert needs_guardian(birth_on, day) == (years < 14)


def test_masks_show_less_than_they_hide():
    assert phone_masked("+8619900000001") == "199****0001"
    assert id_masked("11010519491231002X") == "11**************2X"
    assert phone_masked("") == ""
