"""For the tests of every app: a key that comes after the one things were found by."""

from __future__ import annotations

from lianxin.vault.adapters import keyring


def index_key_next() -> str:
    """Make a new index key, by which digests are made from now on; return its id."""
    return keyring.create(keyring.INDEX)
