"""The door of the vault."""

from __future__ import annotations

from lianxin.vault.fields import IndexField, Sealed, SealedField
from lianxin.vault.rules import BrokenSealError
from lianxin.vault.services import (
    Again,
    Batch,
    DocumentStore,
    PublishedKey,
    SealedStore,
    Sealer,
    Signer,
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
    signer_of,
    signing_key_change,
    signing_keys,
)

__all__ = [
    "Again", "Batch", "BrokenSealError", "DocumentStore", "IndexField", "PublishedKey", "Sealed", "SealedField", "SealedStore",
    "Sealer", "Signer", "blind_index", "blind_indexes", "note_opening", "open_bytes", "open_sealed", "open_text",
    "place_of", "resealers", "reveal", "seal_bytes", "seal_text", "signer_of",
    "signing_key_change", "signing_keys",
]  # fmt: skip
