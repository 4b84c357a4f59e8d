"""Words other apps know this one by."""

from __future__ import annotations

POOL_KIND = "activities.session"
SHIFTS = "volunteer"  # the kind whose sessions are shifts of helpers
ALBUM_PURPOSE = "activity-album"
COVER_PURPOSE = "activity-cover"
