"""The settings of the catalogue, with their defaults."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

SHIPPED = Path(__file__).parent / "data"
DRAFT_DAYS = 90


def folder() -> Path:
    """Return where the files of the catalogue lie: the operator's own, else the shipped samples."""
    return Path(getattr(settings, "CATALOGUE_FOLDER", None) or SHIPPED)
