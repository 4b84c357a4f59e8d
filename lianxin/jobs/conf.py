"""The settings of background work, with their defaults."""

from __future__ import annotations

import datetime as dt

from django.conf import settings


def lease() -> dt.timedelta:
    """How long a job belongs to a worker that gives no sign of life."""
    return dt.timedelta(seconds=getattr(settings, "JOBS_LEASE_SECONDS", 60))


def poll_seconds() -> float:
    """How often an idle lane looks for work."""
    return float(getattr(settings, "JOBS_POLL_SECONDS", 1.0))


def kept_for() -> dt.timedelta:
    """How long finished rows stay; a key may be used again afterwards."""
    return dt.timedelta(days=getattr(settings, "JOBS_KEPT_DAYS", 90))
