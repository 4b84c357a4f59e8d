"""The small federation, and a Monday morning on which everything of a test happens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client

from lianxin.accounts.testing import sign_in
from lianxin.kit.testing import StoppedClock, stopped_clock
from lianxin.members.testing import Federation, federation

# Half past nine in Shanghai, a Monday.
MONDAY = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> Iterator[StoppedClock]:
    with stopped_clock(MONDAY) as stopped:
        yield stopped


@pytest.fixture
def fed(clock: StoppedClock) -> Federation:
    return federation()


@pytest.fixture
def as_person(fed: Federation):
    """Return a browser in which somebody has signed in; officers with their second factor."""

    def signed(key: str) -> Client:
        client = Client()
        sign_in(client, fed.account(key))
        return client

    return signed
