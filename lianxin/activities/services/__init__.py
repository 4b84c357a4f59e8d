"""Writing activities."""

from __future__ import annotations

from lianxin.activities.services.covers import cover_set
from lianxin.activities.services.drafting import (
    activity_copy,
    activity_draft,
    activity_drop,
    activity_edit,
    sessions_add,
    stops_set,
)
from lianxin.activities.services.publishing import (
    activity_ask,
    activity_call_off,
    activity_publish,
    activity_send_back,
    activity_take_back,
    habit_set,
)
from lianxin.activities.services.running import people_open, sessions_forget
from lianxin.activities.services.sessions import session_call_off, session_change, session_drop
from lianxin.activities.services.telling import remind, telling_run, telling_stop, word_send
from lianxin.activities.services.terms import ActivityTerms, SessionTerms, StopTerms

__all__ = [
    "ActivityTerms", "SessionTerms", "StopTerms", "activity_ask", "activity_call_off", "activity_copy", "activity_draft",
    "activity_drop", "activity_edit", "activity_publish", "activity_send_back", "activity_take_back", "cover_set",
    "habit_set", "people_open", "remind", "session_call_off", "session_change", "session_drop", "sessions_add",
    "sessions_forget",
    "stops_set", "telling_run", "telling_stop", "word_send",
]  # fmt: skip
