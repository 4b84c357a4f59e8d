"""The door of the vault."""

from __future__ import annotations

from lianxin.vault.fields import Sealed, SealedField
from lianxin.vault.rules import BrokenSealError
from lianxin.vault.services import (
    blind_index,
    note_opening,
    open_bytes,
    open_sealed,
    open_text,
    place_of,
    reveal,
    seal_bytes,
    seal_text,
)

__all__ = [
    "BrokenSealError",
    "Sealed",
    "SealedField",
    "blind_index",
    "note_opening",
    "open_bytes",
    "open_sealed",
    "open_text",
    "place_of",
    "reveal",
    "seal_bytes",
    "seal_text",
]
