"""Small groups stay hidden, also from whoever can subtract."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lianxin.eligibility.rules.suppressing import NAMING, SPLIT, TOTAL, suppressed

LEAST = 10
COLUMNS = ("people", *SPLIT, "gains", "loses")


def row(yes: int, no: int, unknown: int, gains: int = 0, loses: int = 0) -> dict[str, int]:
    return {"people": yes + no + unknown, "yes": yes, "no": no, "unknown": unknown, "gains": gains, "loses": loses}  # fmt: skip


def total_of(parts):
    return {column: sum(part[column] for part in parts.values()) for column in COLUMNS}


def test_large_groups_are_said():
    parts = {"a": row(100, 200, 300, 40, 20), "b": row(50, 60, 70, 10, 0)}
    assert suppressed(parts, total_of(parts), LEAST) == {**parts, TOTAL: total_of(parts)}


def test_a_small_number_hides_its_neighbour_as_well():
    parts = {"a": row(100, 200, 300), "b": row(3, 60, 70), "c": row(40, 50, 60)}
    shown = suppressed(parts, total_of(parts), LEAST)
    assert shown["b"]["yes"] is None
    assert [shown[name]["yes"] for name in ("a", "b", "c", TOTAL)].count(None) >= 2
    assert shown["a"]["people"] is not None


def test_a_small_union_says_nothing_at_all():
    parts = {"a": row(100, 200, 300), "b": row(3, 2, 1), "c": row(40, 50, 60)}
    shown = suppressed(parts, total_of(parts), LEAST)
    assert shown["b"]["people"] is shown["b"]["yes"] is None


def test_where_all_of_a_place_fit_nobody_is_told_so():
    parts = {"a": row(100, 200, 300), "b": row(30, 0, 0), "c": row(40, 50, 60)}
    shown = suppressed(parts, total_of(parts), LEAST)
    assert shown["b"]["yes"] is None
    assert shown["b"]["people"] is None or shown["b"]["no"] is None
    nearly_all = suppressed({"a": row(100, 200, 300), "b": row(95, 3, 2)}, row(195, 203, 302), LEAST)  # fmt: skip
    assert nearly_all["b"]["yes"] is None


def test_that_all_gain_or_lose_is_kept_back_as_well():
    parts = {"a": row(100, 200, 300, 30, 0), "b": row(30, 40, 0, 70, 0), "c": row(0, 50, 0, 0, 50)}
    shown = suppressed(parts, total_of(parts), LEAST)
    assert shown["b"]["gains"] is None
    assert shown["c"]["loses"] is None


def test_that_nobody_fits_names_nobody():
    parts = {"a": row(0, 200, 0), "b": row(0, 40, 0)}
    assert suppressed(parts, total_of(parts), LEAST) == {**parts, TOTAL: total_of(parts)}


numbers = st.integers(0, 30)
rows = st.builds(row, numbers, numbers, numbers, numbers, numbers)


@given(st.dictionaries(st.sampled_from("abcdef"), rows, min_size=1, max_size=6))
def test_no_hidden_number_is_the_rest_of_a_sum(parts):
    total = total_of(parts)
    shown = suppressed(parts, total, LEAST)
    for table in (parts, {TOTAL: total}):
        for name, each in table.items():
            for column, value in each.items():
                assert shown[name][column] in {None, value}
                if 0 < value < LEAST:
                    assert shown[name][column] is None
                if column in NAMING and value and each["people"] - value < LEAST:
                    assert shown[name][column] is None
    for column in COLUMNS:
        line = [each[column] for each in shown.values()]
        assert line.count(None) != 1
    for each in shown.values():
        line = [each[column] for column in ("people", *SPLIT)]
        assert line.count(None) != 1
