"""The door of activities."""

from __future__ import annotations

from lianxin.activities.models import Activity, Session
from lianxin.activities.services import (
    ActivityTerms,
    SessionTerms,
    StopTerms,
    activity_call_off,
    activity_draft,
    activity_publish,
    session_call_off,
    session_change,
    sessions_add,
    stops_set,
)

__all__ = [
    "Activity", "ActivityTerms", "Session", "SessionTerms", "StopTerms", "activity_call_off", "activity_draft",
    "activity_publish", "session_call_off", "session_change", "sessions_add", "stops_set",
]  # fmt: skip
