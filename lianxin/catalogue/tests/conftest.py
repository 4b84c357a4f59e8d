"""What the tests of the catalogue share: the small federation with the shipped services."""

from __future__ import annotations

import pytest

from lianxin.accounts.testing import sign_in
from lianxin.catalogue.testing import shipped_catalogue
from lianxin.members.testing import Federation, counts_right, federation


@pytest.fixture
def town(db: None) -> Federation:
    made = federation()
    counts_right()
    shipped_catalogue()
    return made


@pytest.fixture
def lin(town: Federation, client):
    """Lin's browser, signed in by phone."""
    sign_in(client, town.account("lin"), second_factor=False)
    return client
