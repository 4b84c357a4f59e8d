"""Sealing and opening, rotating and retiring keys."""

from __future__ import annotations

from lianxin.vault.services.bulk import Sealer
from lianxin.vault.services.rotating import (
    BATCH,
    Rotated,
    data_key_rotate,
    key_retire,
    key_usage,
    master_key_rotate,
)
from lianxin.vault.services.sealing import (
    OPENED,
    blind_index,
    blind_indexes,
    note_opening,
    open_bytes,
    open_sealed,
    open_text,
    place_of,
    reveal,
    seal_bytes,
    seal_text,
)
from lianxin.vault.services.stores import (
    Again,
    Batch,
    DocumentStore,
    SealedStore,
    resealers,
    stores,
)

__all__ = [
    "BATCH", "OPENED", "Again", "Batch", "DocumentStore", "Rotated", "SealedStore", "Sealer", "blind_index",
    "blind_indexes", "data_key_rotate", "key_retire", "key_usage", "master_key_rotate",
    "note_opening", "open_bytes", "open_sealed", "open_text", "place_of", "resealers", "reveal",
    "seal_bytes", "seal_text", "stores",
]  # fmt: skip
