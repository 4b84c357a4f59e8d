"""The settings of uploads, with their defaults."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.conf import settings

LINK_SECONDS = 600
LARGEST = 10 * 1024 * 1024
MOST_UNCLAIMED = 40
UNCLAIMED_FOR = dt.timedelta(hours=24)


def root() -> Path:
    """Return the folder in which the sealed contents lie."""
    return Path(settings.MEDIA_ROOT)
