"""Whose desk a step goes to, against a naive oracle that tries everybody."""

from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from lianxin.procedures.rules.definition import Routing
from lianxin.procedures.rules.routing import (
    RANKS,
    Holder,
    Seat,
    Skip,
    Stop,
    Wish,
    may_sit,
    seat_of,
)

PEOPLE = [uuid.UUID(int=n) for n in range(1, 9)]
ROLES = ["officer", "chair", "counsellor"]
LINES = [
    ["grassroots", "street", "district", "city"],
    ["grassroots", "district", "city"],
    ["grassroots", "industry", "city"],
    ["street", "district", "city"],
    ["city"],
]
holders = st.lists(
    st.builds(
        Holder,
        account_id=st.sampled_from(PEOPLE),
        role=st.sampled_from(ROLES),
        is_away=st.booleans(),
    ),
    max_size=3,
)


@st.composite
def lines(draw: st.DrawFn) -> list[Stop]:
    levels = draw(st.sampled_from(LINES))
    depth = len(levels)
    return [
        Stop(uuid.UUID(int=100 + n), "0001" * (depth - n), level, tuple(draw(holders)))
        for n, level in enumerate(levels)
    ]


@st.composite
def wishes(draw: st.DrawFn, line: list[Stop]) -> Wish:
    return Wish(
        level=draw(st.sampled_from(["grassroots", "street", "district", "city"])),
        roles=frozenset(draw(st.sets(st.sampled_from(ROLES), min_size=1))),
        routing=draw(st.sampled_from(Routing)),
        may_skip=draw(st.booleans()),
        excluded=frozenset(draw(st.sets(st.sampled_from(PEOPLE), max_size=3))),
        respondent_path=draw(st.sampled_from(["", "0009", *(stop.path for stop in line)])),
        respondent_officers=frozenset(draw(st.sets(st.sampled_from(PEOPLE), max_size=3))),
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Stop], Wish]:
    line = draw(lines())
    return line, draw(wishes(line))


def oracle(  # noqa: C901  (naive on purpose)
    line: list[Stop], wish: Wish
) -> tuple[uuid.UUID, set[uuid.UUID]] | str | None:
    """Walk up by hand, asking of every person at every place: may it be you?"""
    reached = [stop for stop in line if RANKS[stop.level] >= RANKS[wish.level]]
    if wish.may_skip and (not reached or RANKS[reached[0].level] != RANKS[wish.level]):
        return "skip"
    passed = line[: line.index(reached[0])] if reached else line[:-1]
    reached = reached or [line[-1]]

    def may(person: Holder, stop: Stop, roles: set[str]) -> bool:
        if person.role not in roles or person.is_away:
            return False
        if person.account_id in wish.excluded | wish.respondent_officers:
            return False
        if wish.respondent_path and stop.path.startswith(wish.respondent_path):
            return False
        colleagues = {one.account_id for below in passed for one in below.holders}
        return not (wish.routing is Routing.SPECIALIST and person.account_id in colleagues)

    for stop in reached:
        found = {one.account_id for one in stop.holders if may(one, stop, set(wish.roles))}
        if found:
            return stop.organisation_id, found
    root = line[-1]
    if wish.respondent_path and root.path.startswith(wish.respondent_path):
        return None
    return root.organisation_id, {p.account_id for p in root.holders if may(p, root, {"chair"})}


@given(cases())
def test_a_seat_is_the_one_the_oracle_finds(case: tuple[list[Stop], Wish]) -> None:
    line, wish = case
    found = seat_of(line, wish)
    expected = oracle(line, wish)
    if isinstance(found, Seat):
        assert expected == (found.organisation_id, set(found.candidates))
    else:
        assert expected == ("skip" if isinstance(found, Skip) else None)


@given(cases())
def test_nobody_handles_her_own_case_nor_the_complaint_about_her_house(
    case: tuple[list[Stop], Wish],
) -> None:
    line, wish = case
    found = seat_of(line, wish)
    if isinstance(found, Seat):
        assert not set(found.candidates) & (wish.excluded | wish.respondent_officers)
        place = next(stop for stop in line if stop.organisation_id == found.organisation_id)
        assert not (wish.respondent_path and place.path.startswith(wish.respondent_path))


@given(cases())
def test_an_escalation_goes_up_or_stays_at_the_root(case: tuple[list[Stop], Wish]) -> None:
    line, wish = case
    for stop in line:
        higher = seat_of(line, Wish(wish.level, wish.roles, above=stop.path))
        if isinstance(higher, Seat):
            place = next(one for one in line if one.organisation_id == higher.organisation_id)
            assert len(place.path) < len(stop.path) or place is line[-1]


def test_nobody_free_anywhere_is_said_and_the_chair_gets_it() -> None:
    chair = Holder(PEOPLE[0], "chair")
    line = [Stop(PEOPLE[5], "00010001", "grassroots"), Stop(PEOPLE[6], "0001", "city", (chair,))]
    seat = seat_of(line, Wish("grassroots", frozenset({"officer"})))
    assert seat == Seat(PEOPLE[6], (PEOPLE[0],), is_nobody_free=True)


@given(cases())
def test_a_referral_needs_somebody_there(case: tuple[list[Stop], Wish]) -> None:
    line, wish = case
    for stop in line:
        sitting = set(may_sit(stop, wish))
        assert sitting <= {one.account_id for one in stop.holders if one.role in wish.roles}
        assert not sitting & (wish.excluded | wish.respondent_officers)
