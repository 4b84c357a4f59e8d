"""Sealing and finding many values at once: the keys are fetched once for a batch."""

from __future__ import annotations

import base64
import os

from django.db import models

from lianxin.vault import conf, rules
from lianxin.vault.adapters import keyring as keys
from lianxin.vault.services.indexing import bring, forms_of, in_order, index_keys


class Sealer:
    """Seals and makes digests with the keys of this moment: for one batch, not for a day.

    What it makes is what `seal_text` and `blind_indexes` make, at a quarter of their cost.
    """

    def __init__(self) -> None:
        key_id, key = keys.current(keys.DATA)
        self._head, self._encrypt = rules.sealer(key_id=key_id, key=key, cipher=conf.cipher())
        self._keys = index_keys()
        self._nonces = b""

    def text(self, text: str, model: type[models.Model], field: str, pk: object) -> str:
        """Seal a text for a column of a row that is about to be written."""
        if not self._nonces:
            self._nonces = os.urandom(rules.NONCE_BYTES * 512)
        nonce = self._nonces[: rules.NONCE_BYTES]
        self._nonces = self._nonces[rules.NONCE_BYTES :]
        bound = f"{self._head}\n{model._meta.label}.{field}:{pk}".encode()
        sealed = nonce + self._encrypt(nonce, text.encode(), bound)
        return f"{self._head}.{base64.urlsafe_b64encode(sealed).decode()}"

    def index(self, value: str, *, purpose: str) -> str:
        """Return the digest to store; "" stays ""."""
        return self.indexes(value, purpose=purpose)[0] if value else ""

    def indexes(self, value: str, *, purpose: str) -> list[str]:
        """Return the digests under every index key there is, the one to store first."""
        forms = forms_of(value, purpose, self._keys.held)
        if len(forms) > 1 and self._keys.is_rotating:
            bring(purpose, forms[: self._keys.at], forms[self._keys.at])
        return in_order(forms, self._keys.at)
