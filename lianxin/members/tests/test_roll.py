"""Coming onto the roll, corrections, transfers, endings, and family."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.members.api import (
    Changes,
    consent_give,
    member_create,
    member_move,
    member_set_state,
    member_update,
    relative_add,
    relative_remove,
    relatives_of,
    visible_to,
)
from lianxin.members.models import Member
from lianxin.members.selectors.people import member_page
from lianxin.members.testing import id_number_of, invented_id_number, member_make
from lianxin.orgs.api import Actor, Organisation

NEW = invented_id_number(dt.date(1995, 2, 3), 501)


def _create(fed, who="wang", place="yangtze", **more):
    fields = {"name": "苏晓", "id_number": NEW, "phone": "199 0000 0501"} | more
    return member_create(actor=fed.actor(who), organisation=fed.organisation(place), **fields)


def _counts():
    return dict(Organisation.objects.values_list("code", "member_count"))


def test_a_new_member_counts_up_to_the_city_once(fed):
    first = _create(fed)
    assert _create(fed) == first
    assert (_counts()["JZ-JL-BC-001"], _counts()["JZ"], _counts()["JZ-BH"]) == (1, 1, 0)
    assert (first.district_code, first.street_code, first.sort_key) == (
        "JZ-JL",
        "JZ-JL-BC",
        "suxiao",
    )


def test_who_is_elsewhere_needs_a_transfer(fed):
    _create(fed)
    with pytest.raises(RefusedError):
        _create(fed, who="ma", place="riverside")
    with pytest.raises(RefusedError):
        _create(fed, name="苏大晓")


def test_strangers_put_nobody_on_lins_roll(fed):
    for who in ("zhao", "ma", "lin", "fang"):
        with pytest.raises(ForbiddenError):
            _create(fed, who=who)


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"id_number": NEW[:-1]}, "id_number"), ({"name": "1"}, "name"), ({"phone": "12"}, "phone")],
)
def test_a_mistake_is_said_at_its_field(fed, fields, field):
    with pytest.raises(RefusedError) as refused:
        _create(fed, **fields)
    assert refused.value.field == field


def test_an_officer_corrects_her_people_never_herself(fed):
    found = member_update(
        actor=fed.actor("wang"), member=fed.member("lin"), changes=Changes(occupation="钳工")
    )
    assert found.occupation == "钳工"
    for who, whom in (("ma", "lin"), ("lin", "lin"), ("wang", "wang")):
        with pytest.raises(ForbiddenError):
            member_update(
                actor=fed.actor(who), member=fed.member(whom), changes=Changes(occupation="x")
            )


def test_a_corrected_phone_moves_the_sign_in_too(fed):
    member_update(
        actor=fed.actor("wang"), member=fed.member("lin"), changes=Changes(phone="19900000900")
    )
    fed.account("lin").refresh_from_db()
    held = Member.objects.get(pk=fed.member_id("lin"))
    assert held.phone_index == fed.account("lin").phone_index
    assert held.phone_tail == "0900"


def test_a_transfer_takes_both_unions_and_moves_both_counts(fed):
    member = _create(fed)
    with pytest.raises(ForbiddenError):
        member_move(
            actor=fed.actor("wang"), member=member, organisation=fed.organisation("riverside")
        )
    for _again in range(2):
        member = member_move(
            actor=fed.actor("zhou"), member=member, organisation=fed.organisation("riverside")
        )
    assert (_counts()["JZ-JL"], _counts()["JZ-BH-JW-001"], _counts()["JZ"]) == (0, 1, 1)
    assert member.district_code == "JZ-BH"


def test_ending_and_coming_back_is_counted(fed):
    member = _create(fed)
    member_set_state(actor=fed.actor("wang"), member=member, state=Member.State.ENDED)
    member_set_state(actor=fed.actor("wang"), member=member, state=Member.State.ENDED)
    assert _counts()["JZ"] == 0
    with pytest.raises(RefusedError):
        _create(fed, who="ma", place="riverside")  # she has an entry: no second one is made
    member_set_state(actor=fed.actor("wang"), member=member, state=Member.State.IN_FORCE)
    assert _counts()["JZ"] == 1
    member_set_state(actor=fed.actor("wang"), member=member, state=Member.State.ENDED)
    member_make("苏晓", fed.organisation("riverside"), serial=501, id_number=NEW)
    with pytest.raises(RefusedError):
        member_set_state(actor=fed.actor("wang"), member=member, state=Member.State.IN_FORCE)


def test_each_officer_lists_exactly_her_reach(fed):
    def names(who: str) -> set[str]:
        return set(visible_to(fed.actor(who), Member.objects.all()).values_list("name", flat=True))

    at_yangtze = {"林晓梅", "王建国"}
    assert names("wang") == at_yangtze
    assert names("sun") == at_yangtze | {"孙丽华"}
    assert names("ma") == {"赵海燕", "马超群"}
    assert len(names("zhou")) == len(fed.members)
    assert names("lin") == names("fang") == names("tang") == set()
    assert len(visible_to(Actor.system(), Member.objects.all())) == len(fed.members)


@pytest.mark.parametrize(
    "search", ["林", "林晓梅", "林 晓梅", "linx", "LINXIAOMEI", "19900000001", "+86 199 0000 0001", id_number_of("lin")]
)  # fmt: skip
def test_an_officer_finds_lin_by_name_pinyin_phone_or_number(fed, search):
    assert [m.name for m in member_page(fed.actor("chen"), search=search).rows] == ["林晓梅"]
    assert not member_page(fed.actor("ma"), search=search).rows


@pytest.mark.parametrize("search", ["李", "zzz", "19900009999", "110105194912310021", "%", "'\""])
def test_a_search_for_nobody_finds_nobody(fed, search):
    assert member_page(fed.actor("wang"), search=search).rows == []


def test_long_lists_go_on_where_they_stopped(fed):
    for serial in range(600, 660):
        member_create(
            actor=fed.actor("wang"),
            organisation=fed.organisation("yangtze"),
            name="钱多多",
            id_number=invented_id_number(dt.date(1990, 1, 1), serial),
        )
    first = member_page(fed.actor("wang"))
    rest = member_page(fed.actor("wang"), after=first.next_token)
    seen = [m.pk for m in (*first.rows, *rest.rows)]
    assert len(seen) == len(set(seen)) == 62
    assert rest.next_token == ""


def test_family_is_declared_once_and_kept_under_lock(fed):
    lin = fed.actor("lin")
    first = relative_add(actor=lin, relation="spouse", name="周大海", id_number=NEW)
    again = relative_add(actor=lin, relation="spouse", name="周大海", id_number=NEW)
    assert first == again
    assert str(relatives_of(fed.account_id("lin")).get().name) == "•••"
    relative_remove(actor=fed.actor("zhao"), relative_id=first.pk)
    assert relatives_of(fed.account_id("lin")).count() == 1
    relative_remove(actor=lin, relative_id=first.pk)
    relative_remove(actor=lin, relative_id=first.pk)
    assert not relatives_of(fed.account_id("lin")).exists()


def test_a_child_is_kept_only_with_a_guardians_yes(fed):
    child: dict[str, Any] = {"relation": "child", "name": "林小雨", "birth_on": dt.date(2016, 6, 1)}
    with pytest.raises(RefusedError) as refused:
        relative_add(actor=fed.actor("lin"), **child)
    assert refused.value.field == "consent"
    consent_give(actor=fed.actor("lin"), purpose="child", guardian_name="林晓梅")
    assert relative_add(actor=fed.actor("lin"), **child).birth_on == dt.date(2016, 6, 1)


def test_who_stands_on_no_roll_declares_no_family(fed):
    with pytest.raises(ForbiddenError):
        relative_add(actor=fed.actor("tang"), relation="spouse", name="周大海")
    relative = uuid.uuid4()
    with pytest.raises(ForbiddenError):
        relative_remove(actor=fed.actor("tang"), relative_id=relative)
