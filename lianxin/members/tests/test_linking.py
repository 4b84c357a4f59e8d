"""Joining a sign-in to the roll: once, by name, number and phone, and to nobody else's entry."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.members.api import (
    answer_matches,
    consent_give,
    consent_given,
    consent_withdraw,
    member_link,
    member_of,
)
from lianxin.members.models import Consent, Member
from lianxin.members.testing import id_number_of, invented_id_number
from lianxin.orgs.api import Actor

NUMBER = id_number_of("lin")


@pytest.fixture
def unlinked(fed):
    """Lin stands on the roll, and her sign-in does not know it yet."""
    Member.objects.filter(pk=fed.member_id("lin")).update(account=None)
    consent_give(actor=fed.actor("lin"), purpose="membership")
    return fed


def _link(fed, who="lin", name="林晓梅", number=NUMBER):
    return member_link(actor=fed.actor(who), name=name, id_number=number)


def test_name_number_and_phone_find_the_entry(unlinked):
    assert _link(unlinked) == unlinked.member("lin")
    assert member_of(unlinked.account_id("lin")) == unlinked.member("lin")
    assert _link(unlinked, number="") == unlinked.member("lin"), "again changes nothing"


def test_without_a_yes_nobody_looks(fed):
    Member.objects.filter(pk=fed.member_id("lin")).update(account=None)
    with pytest.raises(RefusedError) as refused:
        _link(fed)
    assert refused.value.field == "consent"


@pytest.mark.parametrize(
    ("name", "number"),
    [("林大梅", NUMBER), ("林晓梅", invented_id_number(dt.date(1981, 5, 17), 99))],
)
def test_every_miss_reads_the_same(unlinked, name, number):
    with pytest.raises(RefusedError) as refused:
        _link(unlinked, name=name, number=number)
    assert refused.value.field == ""
    assert member_of(unlinked.account_id("lin")) is None


def test_knowing_somebodys_papers_is_not_being_her(unlinked):
    consent_give(actor=unlinked.actor("tang"), purpose="membership")
    with pytest.raises(RefusedError):
        _link(unlinked, who="tang")
    assert member_of(unlinked.account_id("tang")) is None


def test_an_entry_somebody_is_joined_to_is_not_given_again(fed):
    consent_give(actor=fed.actor("tang"), purpose="membership")
    Member.objects.filter(pk=fed.member_id("lin")).update(phone_index="")
    with pytest.raises(RefusedError):
        _link(fed, who="tang")


def test_a_roll_without_a_phone_trusts_name_and_number(unlinked):
    Member.objects.filter(pk=unlinked.member_id("lin")).update(phone_index="", phone=None)
    assert _link(unlinked) == unlinked.member("lin")


def test_after_five_misses_a_day_it_waits(unlinked):
    for _try in range(5):
        with pytest.raises(RefusedError):
            _link(unlinked, name="张三")
    with pytest.raises(RefusedError) as refused:
        _link(unlinked)
    assert (
        "5" in refused.value.message
        or "五" in refused.value.message
        or "five" in refused.value.message
    )
    assert member_of(unlinked.account_id("lin")) is None


def test_a_mistyped_number_is_said_at_its_field_and_costs_no_try(unlinked):
    for _try in range(9):
        with pytest.raises(RefusedError) as refused:
            _link(unlinked, number=NUMBER[:-1])
        assert refused.value.field == "id_number"
    assert _link(unlinked) == unlinked.member("lin")


def test_a_visitor_is_nobody(fed):
    with pytest.raises(ForbiddenError):
        member_link(actor=Actor(), name="林晓梅", id_number=NUMBER)


def test_the_last_six_characters_speak_for_the_person(fed):
    assert answer_matches(fed.member("lin"), NUMBER[-6:].lower())
    assert answer_matches(fed.member("lin"), f" {NUMBER[-6:]} ")
    assert not answer_matches(fed.member("lin"), NUMBER[-5:])
    assert not answer_matches(fed.member("lin"), "")


def test_a_yes_is_given_once_and_taken_back_once(fed):
    lin = fed.actor("lin")
    assert consent_give(actor=lin, purpose="finance") == consent_give(actor=lin, purpose="finance")
    assert consent_given(fed.account_id("lin"), "finance")
    assert not consent_given(fed.account_id("zhao"), "finance")
    consent_withdraw(actor=lin, purpose="finance")
    consent_withdraw(actor=lin, purpose="finance")
    assert not consent_given(fed.account_id("lin"), "finance")
    assert Consent.objects.filter(account=fed.account("lin"), purpose="finance").count() == 1


def test_a_yes_to_older_words_no_longer_counts(fed):
    lin = fed.actor("lin")
    consent_give(actor=lin, purpose="finance")
    Consent.objects.update(wording="2020-01")
    assert not consent_given(fed.account_id("lin"), "finance")
    consent_give(actor=lin, purpose="finance")
    assert consent_given(fed.account_id("lin"), "finance")


def test_for_a_child_a_guardian_agrees(fed):
    with pytest.raises(RefusedError):
        consent_give(actor=fed.actor("lin"), purpose="child")
    given = consent_give(actor=fed.actor("lin"), purpose="child", guardian_name="林晓梅")
    assert given.guardian_name is not None


def test_a_person_under_14_agrees_to_nothing_alone(fed):
    Member.objects.filter(pk=fed.member_id("lin")).update(birth_on=dt.date(2020, 1, 1))
    with pytest.raises(RefusedError):
        consent_give(actor=fed.actor("lin"), purpose="service")


def test_without_membership_the_sign_in_and_the_roll_part(fed):
    consent_give(actor=fed.actor("lin"), purpose="membership")
    consent_withdraw(actor=fed.actor("lin"), purpose="membership")
    assert member_of(fed.account_id("lin")) is None
    assert Member.objects.filter(pk=fed.member_id("lin"), state="in_force").exists()
