"""For the tests of every app: a key that comes after the one things were found by."""

from __future__ import annotations

from lianxin.kit import clock
from lianxin.vault.adapters import keyring
from lianxin.vault.models import IndexRotation


def index_key_next() -> str:
    """Make a new index key, by which digests are made from now on, and change none; return its id."""
    key_id = keyring.create(keyring.INDEX)
    IndexRotation.objects.create(key_id=key_id, finished_at=clock.now())
    return key_id
