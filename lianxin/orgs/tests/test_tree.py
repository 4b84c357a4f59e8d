"""Founding organisations, giving and ending posts, and who reaches what."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection

from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.orgs.api import (
    Ability,
    Actor,
    Level,
    Organisation,
    Post,
    Role,
    ancestor_at,
    bearers_of,
    holders_at,
    line_of,
    member_counts_add,
    organisation_create,
    post_end,
    post_grant,
    reach_q,
    subtree_of,
)
from lianxin.orgs.testing import tree

pytestmark = pytest.mark.django_db


def _found(actor, parent, code="JZ-JL-BC-002", level=Level.GRASSROOTS, **fields):
    return organisation_create(
        actor=actor, parent=parent, code=code, name="北苍物流工会", level=level, **fields
    )


def test_a_union_is_founded_once_however_often_it_is_sent():
    made = tree()
    first = _found(made.actor("chen"), made.organisation("beicang"))
    again = _found(made.actor("chen"), made.organisation("beicang"))
    assert first == again
    assert [o.code for o in line_of(first)] == ["JZ", "JZ-JL", "JZ-JL-BC", "JZ-JL-BC-002"]


def test_a_union_is_not_founded_in_a_strangers_district():
    made = tree()
    with pytest.raises(ForbiddenError):
        _found(made.actor("chen"), made.organisation("jiangwan"))
    with pytest.raises(ForbiddenError):
        _found(made.actor("lin"), made.organisation("beicang"))


def test_a_code_stands_for_one_place_only():
    made = tree()
    with pytest.raises(RefusedError):
        _found(made.actor("zhou"), made.organisation("jiangwan"), code="JZ-JL-BC-001")


def test_a_district_does_not_stand_below_a_street_and_a_wrong_credit_code_is_refused():
    made = tree()
    with pytest.raises(RefusedError) as refused:
        _found(made.actor("zhou"), made.organisation("beicang"), level=Level.DISTRICT)
    assert refused.value.field == "level"
    with pytest.raises(RefusedError) as refused:
        _found(made.actor("zhou"), made.organisation("beicang"), uscc="91440300708461136A")
    assert refused.value.field == "uscc"


def test_there_is_one_root():
    made = tree()
    with pytest.raises(RefusedError):
        _found(Actor.system(), None, code="XX", level=Level.CITY)
    assert made.organisation("city").depth == 1


def test_a_post_is_given_once_and_nobody_gives_one_to_herself():
    made = tree()
    given: dict[str, Any] = {
        "account_id": made.account_id("lin"),
        "organisation": made.organisation("yangtze"),
        "role": Role.OFFICER_PART_TIME,
    }
    assert post_grant(actor=made.actor("guo"), **given) == post_grant(
        actor=made.actor("guo"), **given
    )
    with pytest.raises(ForbiddenError):
        post_grant(actor=made.actor("guo"), **given | {"account_id": made.account_id("guo")})
    with pytest.raises(ForbiddenError):
        post_grant(actor=made.actor("wang"), **given)


def test_an_ended_post_brings_nothing_from_that_day():
    made = tree()
    post = Post.objects.get(account=made.account("wang"))
    ended = post_end(actor=made.actor("guo"), post=post)
    assert not made.actor("wang").posts
    assert (
        post_end(actor=made.actor("guo"), post=post, ends_on=clock.today()).ends_on == ended.ends_on
    )
    assert holders_at(made.organisation("yangtze").pk, [Role.OFFICER_PART_TIME]) == []


def test_a_post_of_tomorrow_does_not_hold_today():
    made = tree()
    post_grant(
        actor=made.actor("guo"),
        account_id=made.account_id("lin"),
        organisation=made.organisation("yangtze"),
        role=Role.OFFICER,
        starts_on=clock.today() + dt.timedelta(days=1),
    )
    assert not made.actor("lin").posts


def test_reach_is_exactly_the_subtree():
    made = tree()

    def reached(key: str) -> set[str]:
        q = reach_q(made.actor(key), Ability.MEMBER_VIEW, prefix="")
        return set(Organisation.objects.filter(q).values_list("code", flat=True))

    assert reached("wang") == {"JZ-JL-BC-001"}
    assert reached("chen") == {"JZ-JL", "JZ-JL-BC", "JZ-JL-BC-001"}
    assert reached("zhou") == {o.code for o in made.organisations.values()}
    assert reached("lin") == reached("fang") == set()


def test_reach_reads_an_index_and_not_the_whole_tree():
    made = tree()
    q = reach_q(made.actor("chen"), Ability.MEMBER_VIEW, prefix="")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Organisation.objects.filter(q).only("id").explain()
    assert "Index" in plan or "INDEX" in plan, plan
    assert "path>?" in plan.replace(" ", "") or "path" in plan


def test_paths_are_compared_byte_by_byte():
    made = tree()
    found = subtree_of(made.organisation("jialing"))
    assert [o.code for o in found] == ["JZ-JL", "JZ-JL-BC", "JZ-JL-BC-001"]
    assert ancestor_at(made.organisation("yangtze"), Level.DISTRICT) == made.organisation("jialing")
    assert ancestor_at(made.organisation("yangtze"), Level.PROVINCE) is None


def test_member_counts_roll_up_to_the_root():
    made = tree()
    member_counts_add(
        {made.organisation("yangtze").path: 3, made.organisation("riverside").path: 2}
    )
    member_counts_add({made.organisation("yangtze").path: -1})
    counts = dict(Organisation.objects.values_list("code", "member_count"))
    assert (counts["JZ"], counts["JZ-JL"], counts["JZ-BH-JW-001"]) == (4, 2, 2)


def test_who_bears_an_ability_over_a_union_stands_level_by_level():
    made = tree()
    yangtze = made.organisation("yangtze")
    keeping = bearers_of(Ability.STATION_KEEP, yangtze)
    assert keeping[0] == [made.account_id("wang")]
    assert keeping[1] == [made.account_id("sun")]
    assert set(keeping[2]) == {made.account_id("chen"), made.account_id("guo")}
    # Ma keeps what lies at her own hotel, and nobody there keeps what lies in another district.
    assert made.account_id("ma") not in {one for level in keeping for one in level}


def test_who_is_on_leave_is_left_out_and_who_stands_in_is_there_instead():
    made = tree()
    today = clock.today()
    Post.objects.filter(account=made.account("wang")).update(
        is_away=True,
        deputy=made.account("lin"),
        deputy_from=today,
        deputy_until=today,
    )
    assert bearers_of(Ability.STATION_KEEP, made.organisation("yangtze"))[0] == [
        made.account_id("lin")
    ]
