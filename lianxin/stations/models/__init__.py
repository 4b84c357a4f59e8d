"""Tables of stations: the place, its dated hours, who keeps it, what people told of it."""

from __future__ import annotations

from lianxin.stations.models.importing import StationImport
from lianxin.stations.models.kiosk import StationKiosk
from lianxin.stations.models.station import Keeping, Shutting, SpecialDays, Station
from lianxin.stations.models.trouble import StationReport, Trouble

__all__ = [
    "Keeping",
    "Shutting",
    "SpecialDays",
    "Station",
    "StationImport",
    "StationKiosk",
    "StationReport",
    "Trouble",
]
