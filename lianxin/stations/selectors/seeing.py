"""Stations as they stand now: rows joined with the dated hours, closures and reports that decide it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from lianxin.kit import clock
from lianxin.orgs.api import Organisation
from lianxin.stations.constants import closing_kinds
from lianxin.stations.models import Shutting, SpecialDays, Station, StationReport, Trouble
from lianxin.stations.rules.hours import FAR, Almanac, Shut, Special, Timetable
from lianxin.stations.rules.standing import Standing, standing_at
from lianxin.stations.rules.truth import KEEPER_LIFE, MEMORY, Met

# Above so many ids a list of them costs more than reading what is current everywhere.
_MANY = 400
_BEFORE = dt.timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Seen:
    """A station and how it stands."""

    station: Station
    standing: Standing


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides how some stations stand, by station."""

    specials: dict[uuid.UUID, list[Special]]
    shuts: dict[uuid.UUID, list[Shut]]
    met: dict[uuid.UUID, list[Met]]
    words: dict[uuid.UUID, list[dt.datetime]]

    def timetable(self, station: Station) -> Timetable:
        """Return the hours of a station with its exceptions and closures."""
        return Timetable(
            station.hours, self.specials.get(station.pk, ()), self.shuts.get(station.pk, ())
        )

    def standing(self, station: Station, now: dt.datetime, almanac: Almanac) -> Standing:
        """Say how a station stands at a moment."""
        return standing_at(
            now,
            self.timetable(station),
            almanac,
            met=self.met.get(station.pk, ()),
            words=self.words.get(station.pk, ()),
        )


def station_of(code: str) -> Station | None:
    """Return the station of a code, given up or not, or None."""
    return Station.objects.select_related("organisation").filter(code=code).first()


def stations_of(organisation: Organisation) -> QuerySet[Station]:
    """List the stations a union keeps itself, those given up left out, by name."""
    return Station.objects.filter(organisation=organisation, ended_on=None).order_by(
        "sort_key", "pk"
    )


def seen_of(stations: Iterable[Station], *, now: dt.datetime | None = None) -> list[Seen]:
    """Say of each station how it stands. Four queries, however many there are."""
    rows = list(stations)
    if not rows:
        return []
    at, almanac = now or clock.now(), Almanac()
    facts = facts_of(rows, at)
    return [Seen(station, facts.standing(station, at, almanac)) for station in rows]


def seen_one(station: Station) -> Seen:
    """Say how one station stands."""
    return seen_of([station])[0]


def facts_of(stations: Sequence[Station], now: dt.datetime) -> Facts:
    """Read what decides how stations stand. Four queries."""
    ids = [station.pk for station in stations]
    ours = Q(station_id__in=ids) if len(ids) <= _MANY else Q()
    found = Facts(defaultdict(list), defaultdict(list), defaultdict(list), defaultdict(list))
    today = now.date()
    days = SpecialDays.objects.filter(ours, first_on__lte=today + FAR, last_on__gte=today - _BEFORE)
    for special in days:
        found.specials[special.station_id].append(special.rule)
    over = Q(ends_at=None) | Q(ends_at__gt=now - _BEFORE)
    for shutting in Shutting.objects.filter(ours & over, starts_at__lte=now + FAR):
        found.shuts[shutting.station_id].append(shutting.rule)
    told = StationReport.objects.filter(ours, is_closing=True, at__gt=now - KEEPER_LIFE)
    columns = ("station_id", "at", "teller_index", "is_keeper", "is_faint")
    for station_id, *met in told.values_list(*columns):
        found.met[station_id].append(Met(*met))
    said = Trouble.objects.filter(
        ours, kind__in=closing_kinds(), is_open_now=True, answered_at__gt=now - MEMORY
    )
    for station_id, answered_at in said.values_list("station_id", "answered_at"):
        if answered_at is not None:
            found.words[station_id].append(answered_at)
    return found
