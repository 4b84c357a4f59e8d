"""Writing activities."""

from __future__ import annotations

from lianxin.activities.services.albums import (
    albums_forget,
    picture_hide,
    picture_let_go,
    picture_show,
    pictures_add,
)
from lianxin.activities.services.borrowing import booking_follow
from lianxin.activities.services.calendars import calendar_end, calendar_make
from lianxin.activities.services.covers import cover_set
from lianxin.activities.services.drafting import (
    activity_copy,
    activity_draft,
    activity_drop,
    activity_edit,
    sessions_add,
    stops_set,
)
from lianxin.activities.services.helping import shift_drop
from lianxin.activities.services.opinions import opinion_give, people_ask
from lianxin.activities.services.plans import (
    line_change,
    line_drop,
    line_write,
    plan_copy,
    plan_publish,
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
    "ActivityTerms",
    "SessionTerms",
    "StopTerms",
    "activity_ask",
    "activity_call_off",
    "activity_copy",
    "activity_draft",
    "activity_drop",
    "activity_edit",
    "activity_publish",
    "activity_send_back",
    "activity_take_back",
    "albums_forget",
    "booking_follow",
    "calendar_end",
    "calendar_make",
    "cover_set",
    "habit_set",
    "line_change",
    "line_drop",
    "line_write",
    "opinion_give",
    "people_ask",
    "people_open",
    "picture_hide",
    "picture_let_go",
    "picture_show",
    "pictures_add",
    "plan_copy",
    "plan_publish",
    "remind",
    "session_call_off",
    "session_change",
    "session_drop",
    "sessions_add",
    "sessions_forget",
    "shift_drop",
    "stops_set",
    "telling_run",
    "telling_stop",
    "word_send",
]  # fmt: skip
