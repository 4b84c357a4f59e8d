"""The door of the vault."""

from __future__ import annotations

from lianxin.vault.fields import Sealed, SealedField
from lianxin.vault.rules import BrokenSealError
from lianxin.vault.services import (
    Again,
    Batch,
    DocumentStore,
    SealedStore,
    Sealer,
    blind_index,
    blind_indexes,
    note_opening,
    open_bytes,
    open_sealed,
    open_text,
    place_of,
    resealers,
    reveal,
    seal_bytes,
    seal_text,
)

__all__ = [
    "Again", "Batch", "BrokenSealError", "DocumentStore", "Sealed", "SealedField", "SealedStore", "Sealer",
    "blind_index", "blind_indexes", "note_opening", "open_bytes", "open_sealed", "open_text",
    "place_of", "resealers", "reveal", "seal_bytes", "seal_text",
]  # fmt: skip
