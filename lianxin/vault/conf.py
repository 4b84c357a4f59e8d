"""The settings of the vault, with what they may be."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from lianxin.vault.rules import Cipher

# So long a process that began before a rotation may still seal with the key before.
RETIRE_AFTER = dt.timedelta(hours=1)


def cipher() -> Cipher:
    """Return how new values are sealed. Raises ImproperlyConfigured."""
    try:
        return Cipher(settings.VAULT_CIPHER)
    except ValueError as error:
        known = ", ".join(Cipher)
        raise ImproperlyConfigured(f"LIANXIN_CIPHER is one of: {known}") from error
