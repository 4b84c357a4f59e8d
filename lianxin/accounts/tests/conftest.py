"""Accounts is tested by itself: what higher apps ask of a fresh sign-in is left out."""

from __future__ import annotations

from typing import Any

import pytest

from lianxin.accounts.views import phone
from lianxin.kit.slots import Slot


@pytest.fixture(autouse=True)
def steps(monkeypatch) -> Slot[Any]:
    """An empty slot of steps after signing in."""
    own: Slot[Any] = Slot("test_sign_in_steps", purpose="a test")
    monkeypatch.setattr(phone, "sign_in_steps", own)
    return own
