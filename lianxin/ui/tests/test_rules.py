"""Rings and bars say the truth whatever the numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lianxin.ui import rules


@given(st.none() | st.integers(-400, 400), st.none() | st.integers(0, 400))
def test_a_ring_is_never_more_than_full(left, total):
    ring = rules.ring_of(left, total)
    assert 0 <= ring.share <= 100
    assert ring.state in {"ok", "soon", "late", "wait"}


@given(st.integers(-400, 0))
def test_a_ring_without_days_is_late(left):
    assert rules.ring_of(left, 5).state == "late"


def test_a_clock_that_does_not_run_waits():
    assert rules.ring_of(None, 5) == rules.Ring(share=0, state="wait")


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=12))
def test_the_parts_of_a_bar_fill_it_and_none_is_lost(values):
    widths = rules.shares(values)
    assert sum(widths) == (1000 if any(values) else 0)
    assert all((width > 0) == (value > 0) for width, value in zip(widths, values, strict=True))


def test_black_on_white_is_twenty_one():
    assert round(rules.contrast("#000000", "#ffffff"), 2) == 21.0
