"""The small federation and a clock that stands, for the tests of allocation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from lianxin.kit.testing import StoppedClock, stopped_clock
from lianxin.members.testing import Federation, federation


@pytest.fixture
def fed() -> Federation:
    return federation()


@pytest.fixture
def hands() -> Iterator[StoppedClock]:
    """Stop the clock on a Monday at noon."""
    with stopped_clock(dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)) as moving:
        yield moving
