"""The hours of the day have names."""

from __future__ import annotations

import pytest

from lianxin.terminal.rules import part_of_day


@pytest.mark.parametrize(
    ("hour", "part"),
    [
        (0, "night"),
        (5, "morning"),
        (11, "noon"),
        (13, "afternoon"),
        (18, "evening"),
        (23, "evening"),
    ],
)
def test_each_hour_has_its_greeting(hour: int, part: str) -> None:
    assert part_of_day(hour) == part
