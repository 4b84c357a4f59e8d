"""The tables of activities."""

from __future__ import annotations

from lianxin.activities.models.activity import Activity, Habit, Session, Stop
from lianxin.activities.models.album import AlbumPicture
from lianxin.activities.models.calendar import CalendarLink
from lianxin.activities.models.helping import Helped
from lianxin.activities.models.opinion import Asking, Opinion
from lianxin.activities.models.picture import Picture
from lianxin.activities.models.plan import PlanLine, YearPlan
from lianxin.activities.models.telling import Telling

__all__ = [
    "Activity", "AlbumPicture", "Asking", "CalendarLink", "Habit", "Helped", "Opinion", "Picture", "PlanLine",
    "Session", "Stop", "Telling", "YearPlan",
]  # fmt: skip
