"""The door of stations."""

from __future__ import annotations

from lianxin.stations.models import Station
from lianxin.stations.selectors.offers import station_offers
from lianxin.stations.services import report_send, station_reopen, station_shut, trouble_answer

__all__ = [
    "Station",
    "report_send",
    "station_offers",
    "station_reopen",
    "station_shut",
    "trouble_answer",
]
