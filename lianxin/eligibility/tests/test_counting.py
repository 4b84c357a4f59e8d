"""Counts of unions: nobody can be found in them, neither by a small number nor by subtracting."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lianxin.eligibility.rules.counting import Cell, hidden, totals

LEAST = 5


@st.composite
def trees(draw):
    size = draw(st.integers(1, 14))
    parents = [-1] + [draw(st.integers(0, at - 1)) for at in range(1, size)]
    number = st.one_of(st.just(0), st.integers(0, 9), st.integers(0, 60))
    return parents, [Cell(draw(number), draw(number)) for _ in range(size)]


def reckoned(parents, own, kept_back):
    """All that a reader can work out: of each number shown, what is left when the next below go."""
    whole = totals(parents, own)
    for at in range(len(parents)):
        if kept_back[at]:
            continue
        below = [
            child for child, parent in enumerate(parents) if parent == at and not kept_back[child]
        ]
        yield Cell(
            whole[at].counted - sum(whole[child].counted for child in below),
            whole[at].others - sum(whole[child].others for child in below),
        )


@given(trees())
def test_what_can_be_worked_out_is_nothing_or_a_crowd(made):
    parents, own = made
    kept_back = hidden(parents, own, LEAST)
    whole = totals(parents, own)
    for at, parent in enumerate(parents):
        assert kept_back[at] or whole[at].is_safe(LEAST)
        assert not (parent >= 0 and kept_back[parent] and not kept_back[at])
    for left in reckoned(parents, own, kept_back):
        assert left.counted == 0 or left.counted >= LEAST


def test_the_neighbour_of_a_small_group_goes_with_it():
    parents, own = [-1, 0, 0, 0], [Cell(0, 0), Cell(3, 50), Cell(9, 50), Cell(40, 50)]
    assert hidden(parents, own, LEAST) == [False, True, True, False]


def test_a_union_all_of_whose_people_are_counted_is_hidden_too():
    parents, own = [-1, 0, 0], [Cell(0, 0), Cell(30, 0), Cell(9, 50)]
    assert hidden(parents, own, LEAST) == [False, True, True]


def test_nobody_is_no_secret_and_large_groups_are_shown():
    parents, own = [-1, 0, 0, 0], [Cell(0, 0), Cell(0, 3), Cell(9, 50), Cell(40, 50)]
    assert hidden(parents, own, LEAST) == [False] * 4


def test_the_people_of_the_union_itself_hide_a_small_group_below():
    parents, own = [-1, 0, 0], [Cell(20, 50), Cell(3, 50), Cell(40, 50)]
    assert hidden(parents, own, LEAST) == [False, True, False]
