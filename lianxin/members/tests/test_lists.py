"""The list of members: every part of an officer's reach, rare names, the same rows by any way."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.members import policies
from lianxin.members.models import Member
from lianxin.members.selectors import people
from lianxin.members.selectors.people import Filters, member_page
from lianxin.members.testing import Federation, member_make
from lianxin.orgs.api import Actor, HeldPost, Level, Organisation, Reach, Role
from lianxin.orgs.testing import organisation_make

NAMES = ["李小龙", "李小鹿", "厉害", "黎明", "林黛玉", "赵云", "王五", "欧阳锋"]


@pytest.fixture
def crowd(fed: Federation) -> Federation:
    """Forty people in every union of the federation, and in one more below the other district."""
    made = organisation_make(
        "大石工会", code="JZ-BH-JW-9", level=Level.GRASSROOTS, parent=fed.organisation("jiangwan")
    )
    fed.organisations["dashi"] = made
    for at, key in enumerate(("yangtze", "riverside", "dashi")):
        for n in range(40):
            member_make(NAMES[(n * 3 + at) % 8], fed.organisation(key), serial=200 + at * 40 + n)
    return fed


def _officer(fed: Federation, *posts: tuple[str, Reach]) -> Actor:
    held = []
    for number, (key, reach) in enumerate(posts):
        union = Organisation.objects.get(pk=fed.organisation(key).pk)
        held.append(HeldPost(
            post_id=number, organisation_id=union.pk, organisation_name=union.name, path=union.path,
            level=union.level, role=Role.OFFICER, reach=reach, organisation_code=union.code,
        ))  # fmt: skip
    return Actor(account_id=fed.account_id("zhou"), posts=tuple(held))


def _walked(actor: Actor, filters: Filters) -> list[Member]:
    rows: list[Member] = []
    token: str | None = None
    while token != "":
        page = member_page(actor, filters=filters, after=token)
        rows, token = rows + page.rows, page.next_token
    return rows


@pytest.mark.parametrize("asked", [
    Filters(), Filters(search="li"), Filters(search="李小"), Filters(search="厉"), Filters(search="欧阳"),
    Filters(tail="0201"), Filters(state="in_force"), Filters(union="JZ-BH"), Filters(employment_form="contract"),
])  # fmt: skip
@pytest.mark.parametrize("posts", [
    [("jialing", Reach.BELOW), ("binhe", Reach.BELOW)],
    [("yangtze", Reach.HERE), ("riverside", Reach.HERE)],
    [("binhe", Reach.BELOW), ("dashi", Reach.HERE), ("yangtze", Reach.BELOW)],
    [("city", Reach.HERE), ("city", Reach.BELOW), ("yangtze", Reach.BELOW)],
])  # fmt: skip
def test_an_officer_with_several_posts_reads_one_list_in_order(crowd, posts, asked) -> None:
    actor = _officer(crowd, *posts)
    walked = _walked(actor, asked)
    everybody = people.members_listed(actor, asked).order_by("sort_key", "id")
    assert [row.pk for row in walked] == [row.pk for row in everybody]
    paths = [post.path for post in actor.posts if post.reach is Reach.BELOW]
    here = [post.organisation_id for post in actor.posts]
    assert all(
        row.organisation_id in here or row.organisation.path.startswith(tuple(paths))
        for row in walked
    )


def test_each_part_of_a_reach_is_one_query(crowd) -> None:
    actor = _officer(
        crowd, ("jialing", Reach.BELOW), ("binhe", Reach.BELOW), ("dashi", Reach.BELOW)
    )
    with CaptureQueriesContext(connection) as seen:
        page = member_page(actor)
    assert len(page.rows) == 50
    assert len(seen) == 2


PATHS = st.sampled_from(["0001", "00010001", "00010002", "000100010001", "000100010002"])


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(PATHS, st.sampled_from(Reach)), max_size=6), PATHS)
def test_the_parts_cover_what_the_posts_cover_and_none_lies_in_another(posts, path) -> None:
    held = [
        HeldPost(
            post_id=n, organisation_id=uuid.UUID(int=int(at)), organisation_name="",
            path=at, level=Level.GRASSROOTS, role=Role.OFFICER, reach=reach,
        )
        for n, (at, reach) in enumerate(posts)
    ]  # fmt: skip
    kept = policies.posts_apart(held)
    assert any(one.covers(path) for one in kept) == any(one.covers(path) for one in held)
    for one in kept:
        for other in kept:
            assert one is other or not (one.reach is Reach.BELOW and one.covers(other.path))


@pytest.mark.parametrize("rare", [0, 5, 1000])
def test_a_name_is_found_however_rare_it_is(crowd, monkeypatch, rare) -> None:
    """With 0 every name counts as frequent, with 1000 each as rare: the rows are the same."""
    monkeypatch.setattr(people, "RARE", rare)
    actor = _officer(crowd, ("city", Reach.BELOW))
    for start in ("厉", "李", "李小", "欧阳", "张", "李小龙"):
        found = _walked(actor, Filters(search=start))
        assert {row.name for row in found} == {name for name in NAMES if name.startswith(start)}
        assert len(found) == Member.objects.filter(name__startswith=start).count()


def _national(fed: Federation) -> Actor:
    made = _officer(fed, ("city", Reach.BELOW))
    post = replace(made.posts[0], level=Level.NATIONAL, organisation_code="")
    return replace(made, posts=(post,))


def test_an_officer_of_the_whole_tree_reads_everybody_without_asking_for_unions(crowd) -> None:
    actor = _national(crowd)
    everybody = Member.objects.order_by("sort_key", "id")
    assert [row.pk for row in _walked(actor, Filters())] == [row.pk for row in everybody]
    assert "path" not in str(policies.visible_to(actor, Member.objects.all()).query)
    assert policies.may_view(actor, crowd.member("zhao"))
    found = _walked(actor, Filters(union="JZ-JL"))
    assert {row.district_code for row in found} == {"JZ-JL"}


def test_beside_a_second_root_each_sees_its_own_tree(crowd) -> None:
    other = organisation_make("他省总工会", code="OTHER", level=Level.PROVINCE, parent=None)
    stranger = member_make("李大山", other, serial=990)
    assert not policies.may_view(_national(crowd), stranger)
    assert policies.may_view(_national(crowd), crowd.member("zhao"))


def test_the_whole_tree_is_read_by_an_index_in_order(crowd) -> None:
    rows = policies.visible_to(_national(crowd), Member.objects.all()).order_by("sort_key", "id")
    if connection.vendor == "sqlite":
        assert "members_of_all" in rows[:50].explain()
    else:
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off"
            )  # so few rows are read faster than sought
        assert "members_of_all" in rows[:50].explain()


@pytest.mark.parametrize("state", ["left", "ended", "retained"])
def test_the_few_who_are_not_in_force_are_read_by_an_index_of_their_own(crowd, state) -> None:
    asked = Filters(state=state)
    rows = people.members_listed(_national(crowd), asked).order_by("sort_key", "id")[:50]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert "members_not_in_force" in rows.explain()
