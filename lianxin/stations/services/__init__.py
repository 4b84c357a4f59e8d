"""Writes: what people tell, what keepers answer and change."""

from __future__ import annotations

from lianxin.stations.services.answering import trouble_answer, trouble_escalate
from lianxin.stations.services.editing import (
    Entry,
    days_remove,
    days_set,
    hours_set,
    station_change,
    station_end,
    station_found,
    station_restore,
)
from lianxin.stations.services.keeping import station_reopen, station_shut
from lianxin.stations.services.kiosks import (
    kiosk_invite,
    kiosk_pair,
    kiosk_remove,
    kiosk_seen,
)
from lianxin.stations.services.naming import keeper_name, keeper_remove
from lianxin.stations.services.reporting import Told, report_add, report_open, report_send

__all__ = [
    "Entry",
    "Told",
    "days_remove",
    "days_set",
    "hours_set",
    "keeper_name",
    "keeper_remove",
    "kiosk_invite",
    "kiosk_pair",
    "kiosk_remove",
    "kiosk_seen",
    "report_add",
    "report_open",
    "report_send",
    "station_change",
    "station_end",
    "station_found",
    "station_reopen",
    "station_restore",
    "station_shut",
    "trouble_answer",
    "trouble_escalate",
]
