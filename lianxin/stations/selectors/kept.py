"""A district small enough to carry in a pocket: what its stations are and when they are open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from lianxin.kit import clock
from lianxin.stations.rules.hours import Almanac, spells_between
from lianxin.stations.rules.places import geo_uri
from lianxin.stations.selectors.seeing import Seen, facts_of
from lianxin.stations.selectors.shown import Row, facilities_of, row_of
from lianxin.stations.selectors.telling import HoursLine, hours_lines

CARRIED = dt.timedelta(days=4)


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One station as the phone keeps it; `spells`: minutes since 1970, from-to, for a few days."""

    row: Row
    at: str
    spells: str
    hours: list[HoursLine]
    facilities: list[str]
    geo: str


def kept_rows(seen: Sequence[Seen]) -> list[KeptRow]:
    """Write a district for the phone. Four queries more."""
    now, almanac = clock.now(), Almanac()
    facts = facts_of([one.station for one in seen], now)
    rows = []
    for one in seen:
        station = one.station
        table = facts.timetable(station)
        spells = spells_between(now, now + CARRIED, table, almanac)
        point = station.point
        rows.append(
            KeptRow(
                row_of(one),
                f"{point.latitude:.6f},{point.longitude:.6f}" if point else "",
                " ".join(f"{_minute(s.starts_at)}-{_minute(s.ends_at)}" for s in spells),
                hours_lines(station),
                [str(facility.label) for facility in facilities_of(station)],
                geo_uri(point, station.name) if point else "",
            )
        )
    return rows


def _minute(at: dt.datetime) -> int:
    return int(at.timestamp() // 60)
