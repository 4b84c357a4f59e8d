"""Writes: what people tell, what keepers answer and change."""

from __future__ import annotations

from lianxin.stations.services.answering import trouble_answer, trouble_escalate
from lianxin.stations.services.keeping import station_reopen, station_shut
from lianxin.stations.services.reporting import Told, report_add, report_open, report_send

__all__ = [
    "Told",
    "report_add",
    "report_open",
    "report_send",
    "station_reopen",
    "station_shut",
    "trouble_answer",
    "trouble_escalate",
]
