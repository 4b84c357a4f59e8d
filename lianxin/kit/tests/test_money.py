"""Money: what is written can be read back, and what is no amount is refused kindly."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.kit.errors import RefusedError
from lianxin.kit.money import parse_yuan, yuan


@pytest.mark.parametrize(
    ("fen", "text"), [(0, "0.00"), (5, "0.05"), (123450, "1,234.50"), (-100001, "-1,000.01")]
)
def test_fen_are_written_as_yuan(fen: int, text: str) -> None:
    assert yuan(fen) == text


@pytest.mark.parametrize(
    ("text", "fen"),
    [("1,234.5", 123450), ("¥300", 30000), ("８００元", 80000), (" 12 000.05 ", 1200005), ("0", 0)],
)
def test_the_ways_people_write_amounts(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text",
    ["", "-5", "1.234", "12,34", "1e5", "much", "٣٠٠", "1.2万", "9" * 40, "¥", "NaN", "1..2", "\0"],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        parse_yuan(text)


@given(st.integers(0, 10**13))
def test_what_is_written_reads_back(fen: int) -> None:
    assert parse_yuan(yuan(fen)) == fen


@given(st.text() | st.from_regex(r"¥?\d{0,9}[.,]?\d{0,3}元?", fullmatch=True))
def test_any_text_is_an_amount_or_is_refused(text: str) -> None:
    with suppress(RefusedError):
        assert parse_yuan(text) >= 0
