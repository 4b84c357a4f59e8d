"""Words other apps know this one by."""

from __future__ import annotations

POOL_KIND = "activities.session"
PICTURE_KIND = "activities.picture"
COVER_PURPOSE = "activity-cover"
