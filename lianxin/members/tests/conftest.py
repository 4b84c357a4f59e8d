"""The federation, ready for each test."""

from __future__ import annotations

import pytest
from django.test import Client

from lianxin.accounts.testing import sign_in
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
