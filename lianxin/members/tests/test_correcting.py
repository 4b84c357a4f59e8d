"""What a member changes herself at once, and what an officer's correction leaves behind."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.accounts.events import PhoneChanged
from lianxin.accounts.testing import user_of
from lianxin.audit.api import AuditRow
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.members.api import Changes, fact_save, facts_of, member_update, members_merge
from lianxin.members.models import Fact, Member, Suspicion
from lianxin.members.services.correcting import phone_take
from lianxin.members.services.duplicates import suspicions_note
from lianxin.members.subscribers import follow_phone
from lianxin.members.testing import counts_right, member_make
from lianxin.orgs.api import Actor
from lianxin.orgs.testing import invented_phone
from lianxin.vault.api import reveal


def _lin(fed) -> Member:
    return Member.objects.get(pk=fed.member_id("lin"))


def _facts(fed, name):
    rows = Fact.objects.filter(member=fed.member("lin"), name=name)
    return {(row.value, row.source, row.superseded_at is None) for row in rows}


def _new_number(fed, number: str) -> None:
    account = fed.account("lin")
    other = user_of("x", phone=number)
    account.phone, account.phone_index = number, other.phone_index
    other.delete()
    account.save()


def test_a_number_proved_for_signing_in_is_followed_by_the_roll(fed):
    _new_number(fed, invented_phone(881))
    for _twice in range(2):
        follow_phone(PhoneChanged(account_id=fed.account_id("lin")))
    member = _lin(fed)
    assert reveal(member, "phone") == invented_phone(881)
    assert member.phone_tail == invented_phone(881)[-4:]
    assert AuditRow.objects.filter(action="members.phone_taken").count() == 1
    row = Fact.objects.get(member=member, name="phone")
    assert (row.source, row.value) == ("self", None)
    assert reveal(row, "sealed_value") == f'"{invented_phone(881)}"'


def test_a_number_nobody_proved_is_not_taken(fed):
    account = fed.account("lin")
    account.phone_verified_at = None
    account.save()
    with pytest.raises(RefusedError):
        phone_take(actor=fed.actor("lin"))
    follow_phone(PhoneChanged(account_id=account.pk))


@pytest.mark.parametrize("who", ["tang", None])
def test_whoever_stands_on_no_roll_has_none_to_change(fed, who):
    actor = fed.actor(who) if who else Actor(account_id=None)
    with pytest.raises(ForbiddenError):
        phone_take(actor=actor)
    if who:
        follow_phone(PhoneChanged(account_id=fed.account_id(who)))


def test_the_industry_is_hers_to_say(fed):
    fact_save(actor=fed.actor("lin"), member_id=fed.member_id("lin"), name="industry", value="C", source="self")  # fmt: skip
    assert _lin(fed).industry == "C"
    with pytest.raises(RefusedError):
        fact_save(actor=fed.actor("lin"), member_id=fed.member_id("lin"), name="industry", value="Z", source="self")  # fmt: skip


def test_an_officer_s_correction_says_so_and_keeps_what_stood_there(fed):
    member_update(
        actor=fed.actor("wang"),
        member=fed.member("lin"),
        changes=Changes(occupation="钳工", joined_on=dt.date(2014, 3, 1)),
    )
    assert _facts(fed, "occupation") == {("车工", "roll", False), ("钳工", "officer", True)}
    assert _facts(fed, "union_joined_on") == {
        ("2015-03-01", "roll", False), ("2014-03-01", "officer", True),
    }  # fmt: skip
    member_update(actor=fed.actor("wang"), member=_lin(fed), changes=Changes(occupation="铣工"))
    assert ("铣工", "officer", True) in _facts(fed, "occupation")
    assert len(_facts(fed, "occupation")) == 3
    known = facts_of(fed.member_id("lin"), ["occupation"], actor_id=None, purpose="test")
    assert (known["occupation"].value, known["occupation"].source) == ("铣工", "officer")


def test_a_phone_that_was_wrong_is_kept_nowhere(fed):
    member_update(
        actor=fed.actor("wang"), member=fed.member("lin"), changes=Changes(phone="19900008888")
    )
    (row,) = Fact.objects.filter(member=fed.member("lin"), name="phone")
    assert reveal(row, "sealed_value") == '"+8619900008888"'


def test_merged_the_entry_that_stays_speaks_for_itself(fed):
    """Both have a corrected job; the one that goes must not say where the other's came from."""
    twin = member_make(
        "林晓梅", fed.organisation("yangtze"), serial=903, birth_on=dt.date(1981, 5, 17)
    )
    Member.objects.filter(pk=twin.pk).update(occupation="焊工")
    twin.refresh_from_db()
    counts_right()
    member_update(actor=fed.actor("wang"), member=twin, changes=Changes(occupation="电工"))
    suspicions_note([twin])
    row = Suspicion.objects.get()
    members_merge(actor=fed.actor("wang"), suspicion_id=row.pk, kept_id=fed.member_id("lin"))
    known = facts_of(fed.member_id("lin"), ["occupation"], actor_id=None, purpose="test")
    assert (known["occupation"].value, known["occupation"].source) == ("车工", "roll")
    assert ("电工", "officer", False) in _facts(fed, "occupation")
