"""The life of a membership: whatever is wished in whatever order, it never stands nowhere or twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.members.rules.duplicates import Traits, marks_of, signs_of
from lianxin.members.rules.membership import (
    FINAL,
    HELD,
    REASONS,
    Membership,
    Move,
    Moving,
    Refusal,
    State,
    decide,
)

UNIONS = ("yangtze", "riverside", "street")
WISHES = st.tuples(
    st.sampled_from(Move),
    st.sampled_from([None, *UNIONS]),
    st.sampled_from(["", *sorted({one for known in REASONS.values() for one in known})]),
)


def wish(now: Membership, move: Move, union: str | None = None, reason: str = "") -> Membership:
    after = decide(move, now, reason=reason, organisation=union)
    assert isinstance(after, Membership), after
    return after


@given(st.lists(WISHES, max_size=40))
def test_no_order_of_wishes_breaks_a_membership(wishes: list[tuple[Move, str | None, str]]) -> None:
    now = Membership()
    for move, union, reason in wishes:
        after = decide(move, now, reason=reason, organisation=union)
        if isinstance(after, Refusal):
            continue
        assert (after.organisation is None) == (after.state is State.NONE)
        assert bool(after.moving) == (after.towards is not None)
        assert not after.moving or (after.state in HELD and after.towards != after.organisation)
        if after.organisation != now.organisation:
            assert move in {Move.ACCEPT, Move.CARRY, Move.APPLY, Move.ENTER, Move.WITHDRAW}
        if now.state in HELD and after.state in HELD and move is not Move.ACCEPT:
            assert after.organisation == now.organisation or move is Move.CARRY
        assert not (now.state is State.ENDED and now.reason in FINAL), (
            "nobody comes back from there"
        )
        now = after


@given(st.lists(WISHES, max_size=30), WISHES)
def test_a_refused_wish_changes_nothing_and_an_answer_is_always_the_same(
    wishes: list[tuple[Move, str | None, str]], last: tuple[Move, str | None, str]
) -> None:
    now = Membership()
    for move, union, reason in wishes:
        after = decide(move, now, reason=reason, organisation=union)
        now = after if isinstance(after, Membership) else now
    move, union, reason = last
    first = decide(move, now, reason=reason, organisation=union)
    assert first == decide(move, now, reason=reason, organisation=union)


def test_the_whole_way_of_a_membership() -> None:
    now = wish(Membership(), Move.APPLY, "yangtze")
    now = wish(wish(now, Move.REVIEW), Move.ADMIT)
    assert now.counts
    now = wish(now, Move.ASK_TRANSFER, "riverside")
    assert (now.standing, now.organisation, now.counts) == ("moving_out", "yangtze", True)
    now = wish(now, Move.RELEASE, reason="silence")
    now = wish(now, Move.ACCEPT)
    assert (now.standing, now.organisation) == ("in_force", "riverside")
    now = wish(now, Move.RETAIN, reason="retired")
    assert not now.counts
    now = wish(now, Move.LEAVE, reason="own_wish")
    assert wish(now, Move.APPLY, "street").standing == "applied"


@pytest.mark.parametrize("state", [State.IN_FORCE, State.RETAINED])
def test_who_stays_stands_where_she_stood(state: State) -> None:
    before = Membership(state, "yangtze")
    on_the_way = wish(before, Move.ASK_TRANSFER, "riverside")
    for at in (on_the_way, wish(on_the_way, Move.RELEASE, reason="agreed")):
        after = wish(at, Move.STAY, reason="refused")
        assert (after.state, after.organisation, after.moving) == (state, "yangtze", Moving.NOT)


def test_the_other_union_takes_in_nobody_who_was_not_released() -> None:
    asked = wish(Membership(State.IN_FORCE, "yangtze"), Move.ASK_TRANSFER, "riverside")
    assert decide(Move.ACCEPT, asked) == Refusal("not_released")


def test_death_does_not_wait_for_a_transfer_and_is_for_good() -> None:
    asked = wish(Membership(State.IN_FORCE, "yangtze"), Move.ASK_TRANSFER, "riverside")
    gone = wish(asked, Move.END, reason="died")
    assert (gone.standing, gone.moving) == ("ended", Moving.NOT)
    assert decide(Move.ENTER, gone, organisation="yangtze") == Refusal("final")


@pytest.mark.parametrize("move", [Move.RETAIN, Move.END, Move.LEAVE])
def test_a_reason_is_one_of_those_there_are(move: Move) -> None:
    held = Membership(State.IN_FORCE, "yangtze")
    assert decide(move, held, reason="disliked") == Refusal("reason_unknown")


TRAITS = st.builds(
    Traits,
    name=st.sampled_from(["林晓梅", "林 晓梅", "周大海"]),
    id_index=st.sampled_from(["", "a", "b"]),
    phone_index=st.sampled_from(["", "p", "q"]),
    birth_on=st.sampled_from([None]) | st.dates(),
    employer_name=st.sampled_from(["", "扬子（机械）厂", "扬子(机械)厂", "江畔酒店"]),
)


@given(TRAITS, TRAITS)
def test_being_alike_goes_both_ways(one: Traits, other: Traits) -> None:
    assert signs_of(one, other) == signs_of(other, one)
    # What is found by marks alone is what comparing everybody with everybody would find.
    assert bool(signs_of(one, other)) == bool(set(marks_of(one)) & set(marks_of(other)))


@given(TRAITS)
def test_what_nobody_knows_is_no_sign(one: Traits) -> None:
    nothing = Traits(one.name)
    assert signs_of(nothing, nothing) == []
