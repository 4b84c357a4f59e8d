"""What a key service must be able to do: hold master keys, and wrap data keys with them.

Data keys seal values; they lie beside the service, each wrapped by a master key. A master key may
lie in a folder (the default, `adapters/folder.py`) or in a key service that never hands it out.
Whoever writes an adapter for one names it in `LIANXIN_KMS`.
"""

from __future__ import annotations

from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class MasterKey(Protocol):
    """One master key; `id` stays with what it wrapped."""

    @property
    def id(self) -> str: ...

    def wrap(self, key: bytes, *, bound_to: str) -> bytes:
        """Return the key sealed, for the place named."""

    def unwrap(self, wrapped: bytes, *, bound_to: str) -> bytes:
        """Raises BrokenSealError if it was altered, or wrapped for another place."""


class KMS(Protocol):
    """Where master keys are."""

    def current(self) -> MasterKey:
        """Return the one to wrap with, making the first if there is none."""

    def by_id(self, key_id: str) -> MasterKey:
        """Raises KeyError if it is unknown here."""

    def create(self) -> MasterKey:
        """Make a new one; from now on it is the current one."""

    def retire(self, key_id: str) -> None:
        """Put away one that wraps nothing any more."""


def kms() -> KMS:
    """Return the key service of this installation."""
    return _made(settings.VAULT_KMS)


@cache
def _made(path: str) -> KMS:
    service: KMS = import_string(path)()
    return service
