"""The tables of activities."""

from __future__ import annotations

from lianxin.activities.models.activity import Activity, Habit, Session, Stop
from lianxin.activities.models.picture import Picture
from lianxin.activities.models.telling import Telling

__all__ = ["Activity", "Habit", "Picture", "Session", "Stop", "Telling"]
