"""The small federation, for the tests of allocation."""

from __future__ import annotations

import pytest

from lianxin.members.testing import Federation, federation


@pytest.fixture
def fed() -> Federation:
    return federation()
