"""Sealing with the keys of the day: what columns, files and documents are closed and opened with."""

from __future__ import annotations

from django.db import models

from lianxin.vault import conf, rules
from lianxin.vault.adapters import keyring as keys


def place_of(row: models.Model, field: str) -> str:
    """Name the place a value is bound to: table, column, row."""
    return f"{row._meta.label}.{field}:{row.pk}"


def seal_bytes(data: bytes, *, bound_to: str) -> bytes:
    """Seal bytes with the key of the day, bound to their place."""
    key_id, key = keys.current(keys.DATA)
    return rules.seal(data, key_id=key_id, key=key, bound_to=bound_to, cipher=conf.cipher())


def open_bytes(token: bytes, *, bound_to: str) -> bytes:
    """Raises BrokenSealError if the token is altered, misplaced, or its key is gone."""
    try:
        key = keys.by_id(keys.DATA, rules.head_of(token).key_id)
    except KeyError as error:
        raise rules.BrokenSealError("the key of this value is gone") from error
    return rules.unseal(token, key=key, bound_to=bound_to)


def seal_text(text: str, *, bound_to: str) -> str:
    """Seal a text, see `seal_bytes`."""
    return seal_bytes(text.encode(), bound_to=bound_to).decode()


def open_text(token: str, *, bound_to: str) -> str:
    """Raises BrokenSealError, see `open_bytes`."""
    return open_bytes(token.encode(), bound_to=bound_to).decode()
