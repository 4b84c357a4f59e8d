"""Where the tests of stations play: the small federation, on a Tuesday at noon, with one station."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from lianxin.kit.testing import StoppedClock, stopped_clock
from lianxin.members.testing import Federation, federation
from lianxin.stations.models import Station
from lianxin.stations.testing import station_make

TUESDAY_NOON = dt.datetime(2026, 11, 24, 4, tzinfo=dt.UTC)


@pytest.fixture
def hands() -> Iterator[StoppedClock]:
    with stopped_clock(TUESDAY_NOON) as clock:
        yield clock


@pytest.fixture
def town(hands: StoppedClock) -> Federation:
    return federation()


@pytest.fixture
def station(town: Federation) -> Station:
    """Lin's union keeps it; Wang looks after it."""
    return station_make(town.organisation("yangtze"))
