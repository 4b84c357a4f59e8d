"""A district, its evening school, and Tang who speaks for it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from lianxin.accounts.testing import sign_in
from lianxin.kit.testing import stopped_clock
from lianxin.members.testing import federation
from lianxin.partners.testing import partner_make

MONDAY = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)


@pytest.fixture
def clock():
    with stopped_clock(MONDAY) as stopped:
        yield stopped


@pytest.fixture
def town(db, clock):
    return federation()


@pytest.fixture
def school(town):
    return partner_make("嘉岭夜校", town.organisation("jialing"), contact=town.account("tang"))


@pytest.fixture
def as_(town):
    def client_of(key: str) -> Client:
        client = Client()
        sign_in(client, town.account(key))
        return client

    return client_of
