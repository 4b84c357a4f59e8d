"""The settings of procedures, with their defaults."""

from __future__ import annotations

from django.conf import settings


def keep_years() -> int:
    """How many years a closed dossier is kept before it is disposed of."""
    return int(getattr(settings, "PROCEDURES_KEEP_YEARS", 10))
