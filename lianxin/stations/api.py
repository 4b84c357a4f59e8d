"""The door of stations."""

from __future__ import annotations

from lianxin.stations.models import Station
from lianxin.stations.selectors.offers import station_offers
from lianxin.stations.selectors.seeing import seen_one, station_of, stations_of
from lianxin.stations.services import (
    Entry,
    report_send,
    station_found,
    station_reopen,
    station_shut,
    trouble_answer,
)

__all__ = [
    "Entry",
    "Station",
    "report_send",
    "seen_one",
    "station_found",
    "station_of",
    "station_offers",
    "station_reopen",
    "station_shut",
    "stations_of",
    "trouble_answer",
]
