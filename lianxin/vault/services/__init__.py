"""Sealing and opening, signing, rotating and retiring keys."""

from __future__ import annotations

from lianxin.vault.adapters.sealing import (
    open_bytes,
    open_text,
    place_of,
    seal_bytes,
    seal_text,
)
from lianxin.vault.services.bulk import Sealer
from lianxin.vault.services.index_rotating import INDEX_BATCH, index_key_rotate
from lianxin.vault.services.indexing import blind_index, blind_indexes
from lianxin.vault.services.retiring import key_retire
from lianxin.vault.services.rotating import (
    BATCH,
    Rotated,
    data_key_rotate,
    key_usage,
    master_key_rotate,
)
from lianxin.vault.services.sealing import OPENED, note_opening, open_sealed, reveal
from lianxin.vault.services.signing import (
    PublishedKey,
    Signer,
    signer_of,
    signing_key_change,
    signing_keys,
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
    "BATCH", "INDEX_BATCH", "OPENED", "Again", "Batch", "DocumentStore", "PublishedKey", "Rotated", "SealedStore", "Sealer",
    "Signer", "blind_index", "blind_indexes", "data_key_rotate", "index_key_rotate", "key_retire", "key_usage", "master_key_rotate",
    "note_opening", "open_bytes", "open_sealed", "open_text", "place_of", "resealers", "reveal",
    "seal_bytes", "seal_text", "signer_of", "signing_key_change", "signing_keys", "stores",
]  # fmt: skip
