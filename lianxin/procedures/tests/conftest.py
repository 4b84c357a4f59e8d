"""The people and the stopped clock that the tests of procedures share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from lianxin.kit.testing import StoppedClock, stopped_clock
from lianxin.members.testing import Federation, federation


@pytest.fixture
def people(db: None) -> Federation:
    return federation()


@pytest.fixture
def clock() -> Iterator[StoppedClock]:
    """Monday, 9 March 2026, 10:00 in Shanghai: an ordinary working week."""
    with stopped_clock(dt.datetime(2026, 3, 9, 2, tzinfo=dt.UTC)) as hands:
        yield hands
