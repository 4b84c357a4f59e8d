"""Papers and phones of people from elsewhere are taken at every door, and found again by each."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.accounts.api import User, account_create
from lianxin.kit.errors import RefusedError
from lianxin.kit.ids import new_id
from lianxin.members.api import (
    Application,
    Changes,
    admission_hindrance,
    consent_give,
    member_admit,
    member_create,
    member_link,
    member_update,
    number_fault,
    relative_add,
)
from lianxin.members.models import Member
from lianxin.members.rules.identity import IdentityError, IdKind, identity_of
from lianxin.members.rules.people import is_name, mobile_of
from lianxin.members.rules.sheet import RowError, draft_of, header_of
from lianxin.members.selectors.people import Filters, member_page
from lianxin.orgs.api import Actor
from lianxin.vault.api import reveal

TODAY = dt.date(2026, 11, 22)
DIGITS_ALONE = [
    ("12345678", IdKind.TAIWAN_PERMIT), ("1234567801", IdKind.TAIWAN_PERMIT),
    ("1234567801B", IdKind.TAIWAN_PERMIT), ("123456789", IdKind.PASSPORT),
]  # fmt: skip


@pytest.mark.parametrize(("number", "kind"), DIGITS_ALONE)
def test_papers_of_digits_alone_are_taken_without_being_named(number, kind):
    assert identity_of(number, today=TODAY).kind is kind


@given(st.from_regex(r"[0-9]{7}|[0-9]{11,14}|[0-9]{16,17}", fullmatch=True))
def test_other_digits_alone_were_meant_to_be_a_resident_s(number):
    with pytest.raises(IdentityError):
        identity_of(number, today=TODAY)


def _draft(**cells: Any) -> Any:
    names = {"name": "姓名", "id": "证件号码", "kind": "证件类型", "phone": "电话"}
    cells = {"name": "陈志明", "id": "12345678"} | cells
    header = header_of([[names[key] for key in cells]])
    assert header is not None
    return draft_of(list(cells.values()), header, today=TODAY)


@pytest.mark.parametrize(
    ("said", "number", "kind"),
    [
        ("Passport", "123456789", IdKind.PASSPORT),
        ("外国护照", "12345678", IdKind.PASSPORT),
        ("台湾通行证", "12345678", IdKind.TAIWAN_PERMIT),
        ("台湾居民往来大陆通行证", "1234567801", IdKind.TAIWAN_PERMIT),
        ("臺灣居民來往大陸通行證", "12345678", IdKind.TAIWAN_PERMIT),
        ("台胞证", "12345678", IdKind.TAIWAN_PERMIT),
        ("回乡卡", "H12345678", IdKind.HKMO_PERMIT),
        ("港澳居民往来内地通行证", "M1234567801", IdKind.HKMO_PERMIT),
        ("港澳台居民来往通行证", "12345678", IdKind.TAIWAN_PERMIT),
        ("Home Return Permit", "h12345678", IdKind.HKMO_PERMIT),
        ("外国人永久居留身份证", "CHN123456789012", IdKind.FOREIGN_RESIDENT),
        ("", "123456789", IdKind.PASSPORT),
    ],
)
def test_the_kind_of_a_paper_is_understood_as_offices_write_it(said, number, kind):
    assert _draft(kind=said, id=number).identity.kind is kind


def test_where_the_sheet_says_resident_too_few_digits_are_too_few():
    with pytest.raises(RowError) as error:
        _draft(kind="居民身份证", id="51010219")
    assert error.value.reason == "id_length"


def test_people_are_named_with_a_circle_and_some_passports_with_one_character():
    assert is_name("李〇")
    assert not is_name("〇〇1")
    assert not is_name("--")
    assert _draft(name="李〇").name == "李〇"
    assert _draft(name="O", kind="护照", id="K1234567").name == "O"
    with pytest.raises(RowError) as error:
        _draft(name="陈")
    assert error.value.reason == "name_form"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+852 9123 4567", "+85291234567"),
        ("00853 6612 3456", "+85366123456"),
        ("+886 912 345 678", "+886912345678"),
        ("+886-0912-345-678", "+886912345678"),
        ("+852 2123 4567", ""),  # a landline
        ("9123 4567", ""),
        ("023-67890123", ""),
        ("0086 199 0000 0001", "+8619900000001"),
    ],
)
def test_mobiles_beyond_the_mainland_are_numbers_too(typed, number):
    assert mobile_of(typed) == number


@pytest.mark.parametrize(
    ("typed", "phone", "warning"),
    [
        ("023-67890123", "", "phone_left_out"),
        ("+852 9123 4567", "+85291234567", ""),
        ("023-67890123 / 19900000001", "+8619900000001", ""),
        ("", "", ""),
    ],
)
def test_a_phone_nobody_can_write_to_costs_nobody_her_place(typed, phone, warning):
    draft = _draft(phone=typed)
    assert (draft.phone, draft.warning) == (phone, warning)


@pytest.fixture
def chan(fed) -> Member:
    """A member from Taiwan, put onto the roll with her permit; the number she signs in with is Hong Kong's."""
    return member_create(
        actor=fed.actor("wang"), organisation=fed.organisation("yangtze"), name="陈志明",
        id_number="12345678", phone="+852 9123 4567",
    )  # fmt: skip


def _account(phone: str = "+85291234567") -> User:
    user = account_create(phone=phone, display_name="陈志明", actor_id=None)
    User.objects.filter(pk=user.pk).update(phone_verified_at=dt.datetime.now(dt.UTC))
    return user


def test_who_came_with_a_permit_finds_herself_on_the_roll(fed, chan):
    user = _account()
    actor = Actor(account_id=user.pk)
    consent_give(actor=actor, purpose="membership")
    assert member_link(actor=actor, name="陈志明", id_number="1234-5678") == chan


@pytest.mark.parametrize("typed", ["12345678", "+852 9123 4567", "+85291234567"])
def test_her_officer_finds_her_by_number_and_by_phone(fed, chan, typed):
    assert member_page(fed.actor("wang"), filters=Filters(search=typed)).rows == [chan]
    assert member_page(fed.actor("zhao"), filters=Filters(search=typed)).rows == []


def test_such_a_paper_may_stand_on_a_relative_too(fed):
    made = relative_add(actor=fed.actor("lin"), relation="spouse", name="陈志明", id_number="123456789")  # fmt: skip
    assert made.id_index


def _application(fed, user: User, **more: Any) -> Application:
    given: dict[str, Any] = {
        "account_id": user.pk, "organisation_id": fed.organisation("yangtze").pk, "name": "陈志明",
        "id_number": "12345678", "phone": reveal(user, "phone"), "dossier_id": new_id(),
        "applied_on": TODAY, "decided_on": TODAY, "decided_by": fed.account_id("wang"),
    }  # fmt: skip
    return Application(**(given | more))


@pytest.mark.parametrize("phone", ["+85291234567", "+85366123456", "+447400123456"])
def test_who_was_approved_is_a_member_wherever_her_phone_is_from(fed, phone):
    user = _account(phone)
    application = _application(fed, user)
    told = {key: getattr(application, key) for key in ("account_id", "organisation_id", "name", "id_number")}  # fmt: skip
    assert (number_fault("12345678"), admission_hindrance(**told)) == ("", "")
    member = member_admit(application)
    assert member_admit(application) == member
    assert (member.state, member.id_kind) == ("in_force", IdKind.TAIWAN_PERMIT)
    assert reveal(member, "phone") == phone
    assert member_page(fed.actor("wang"), filters=Filters(search=phone)).rows == [member]


def test_her_own_office_puts_such_a_number_right(fed):
    lin = fed.member("lin")
    member_update(actor=fed.actor("wang"), member=lin, changes=Changes(phone="+853 6612 3456"))
    lin.refresh_from_db()
    assert reveal(lin, "phone") == "+85366123456"
    with pytest.raises(RefusedError):
        member_update(actor=fed.actor("wang"), member=lin, changes=Changes(phone="023-67890123"))
