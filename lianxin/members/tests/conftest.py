"""The federation, ready for each test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client

from lianxin.accounts.testing import sign_in
from lianxin.kit.testing import StoppedClock, stopped_clock
from lianxin.members.testing import Federation, federation


@pytest.fixture
def fed(db) -> Federation:
    return federation()


@pytest.fixture
def as_(fed):
    """A browser in which somebody is signed in: as_("lin")."""

    def signed(key: str) -> Client:
        client = Client()
        sign_in(client, fed.account(key))
        return client

    return signed


@pytest.fixture
def clock() -> Iterator[StoppedClock]:
    """Monday, 9 March 2026, 10:00 in Shanghai: an ordinary working week."""
    with stopped_clock(dt.datetime(2026, 3, 9, 2, tzinfo=dt.UTC)) as hands:
        yield hands
