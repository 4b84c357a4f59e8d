"""The tables of activities."""

from __future__ import annotations

from lianxin.activities.models.activity import Activity, Habit, Session, Stop
from lianxin.activities.models.picture import Picture

__all__ = ["Activity", "Habit", "Picture", "Session", "Stop"]
