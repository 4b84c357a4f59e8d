"""What becomes true of stations, for whoever wants to hear it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from lianxin.kit.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class StationReported(Event):
    """Somebody told that something is wrong at a station; by `kind`, never by whom."""

    station_id: uuid.UUID
    trouble_id: uuid.UUID
    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StationClosed(Event):
    """A station went off the list of open ones: by what people met (`reports`) or its keeper (`keeper`)."""

    station_id: uuid.UUID
    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StationReopened(Event):
    """Its keeper says that a station is open again."""

    station_id: uuid.UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class TroubleAnswered(Event):
    """A keeper has said what was found and what was done."""

    station_id: uuid.UUID
    trouble_id: uuid.UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class TroubleEscalated(Event):
    """A repair clock ran out and the level above was told."""

    station_id: uuid.UUID
    trouble_id: uuid.UUID
    level: int
