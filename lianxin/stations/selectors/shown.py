"""What the public pages show: rows, chips that narrow the list, the page of one station."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.kit import clock
from lianxin.stations.constants import codes
from lianxin.stations.models import SpecialDays, Station, Trouble
from lianxin.stations.selectors.listing import Wish
from lianxin.stations.selectors.places import links_of, picture_of_seen
from lianxin.stations.selectors.seeing import Seen, seen_one
from lianxin.stations.selectors.telling import (
    Said,
    ago,
    hours_lines,
    reason_of,
    said_of,
    spans_said,
)

SHOWN_FOR = dt.timedelta(days=90)
MOST_TROUBLES = 12
FIRST_FACILITIES = ("water", "toilet", "charging", "microwave")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    station: Station
    said: Said
    kind: str
    icon: str
    place: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A way to narrow the list; pressed again it lets go."""

    label: str
    icon: str
    query: str
    is_on: bool


def row_of(seen: Seen) -> Row:
    """Put a station into one line."""
    station, kind = seen.station, codes().kinds.get(seen.station.kind)
    place = " · ".join(part for part in (station.street_name, station.address) if part)
    return Row(
        station,
        said_of(seen.standing),
        str(kind.label) if kind else "",
        kind.icon if kind else "map-pin",
        place,
    )


def chips(asked: QueryDict, wish: Wish) -> list[Chip]:
    """List the first ways to narrow: open now, around the clock, what most look for."""
    known = codes().facilities
    first = [
        Chip(pgettext("filter", "Open now"), "door", _turned(asked, "open", "1"), wish.is_open),
        Chip(_("Around the clock"), "clock", _turned(asked, "always", "1"), wish.is_always),
    ]
    return first + [_facility_chip(asked, wish, code) for code in FIRST_FACILITIES if code in known]


def more_chips(asked: QueryDict, wish: Wish) -> list[Chip]:
    """List the other things one may look for."""
    rest = [
        code
        for code, one in codes().facilities.items()
        if code not in FIRST_FACILITIES and one.group != "six"
    ]
    return [_facility_chip(asked, wish, code) for code in rest]


def street_links(asked: QueryDict, wish: Wish, streets: Sequence[str]) -> list[Chip]:
    """List the streets of a district."""
    return [
        Chip(name, "map-pin", _turned(asked, "street", name), wish.street == name)
        for name in streets
    ]


def _facility_chip(asked: QueryDict, wish: Wish, code: str) -> Chip:
    facility = codes().facilities[code]
    query = _turned(asked, "has", code)
    return Chip(str(facility.label), facility.icon, query, code in wish.facilities)


def _turned(asked: QueryDict, name: str, value: str) -> str:
    """Return the address of the list with one wish more, or one less."""
    query = asked.copy()
    query.pop("after", None)
    values = query.getlist(name)
    if value in values:
        query.setlist(name, [one for one in values if one != value])
    else:
        query.setlist(name, [*values, value] if name == "has" else [value])
    return f"?{query.urlencode()}" if query else "?"


def packed(every: Sequence[Seen]) -> dict[str, Any]:
    """Write rows small, for a phone that sorts them by distance itself.

    A row is code, name, place, latitude, longitude (millionths, WGS-84), which of `chips`, the
    sentence, the doubt. Stations nobody has measured are left out: they have no distance.
    """
    chips_of: dict[tuple[str, str, str], int] = {}
    rows = []
    for one in every:
        station = one.station
        if station.point is None:
            continue
        said = said_of(one.standing)
        number = chips_of.setdefault((said.chip, said.tone, said.icon), len(chips_of))
        row = [station.code, station.name, row_of(one).place, station.latitude_e6,
               station.longitude_e6, number, said.sentence]  # fmt: skip
        rows.append([*row, said.note] if said.note else row)
    return {
        "as_of": clock.now().isoformat(timespec="seconds"),
        "chips": list(chips_of),
        "rows": rows,
    }


@dataclass(frozen=True, slots=True)
class Story:
    """What was told of a station and what was done, as its page shows it; never who told."""

    trouble: Trouble
    what: str
    icon: str
    when: str
    is_late: bool


def story_of(trouble: Trouble) -> Story:
    """Put a trouble into words."""
    kind = codes().reports.get(trouble.kind)
    return Story(
        trouble,
        str(kind.label) if kind else trouble.kind,
        kind.icon if kind else "message-circle",
        ago(trouble.last_at),
        trouble.is_open and trouble.due_at < clock.now(),
    )


@dataclass(frozen=True, slots=True)
class Days:
    """Other hours on some days, in words."""

    pk: uuid.UUID
    first_on: dt.date
    last_on: dt.date
    hours: str
    reason: str
    words: str


def days_to_come(station: Station) -> list[Days]:
    """List the exceptions that hold today or later."""
    rows = SpecialDays.objects.filter(station=station, last_on__gte=clock.today())
    return [
        Days(
            row.pk,
            row.first_on,
            row.last_on,
            spans_said(row.rule.spans) or pgettext("station", "closed"),
            reason_of(row.reason),
            row.words,
        )
        for row in rows.order_by("first_on", "last_on")[:8]
    ]


def facilities_of(station: Station, group: str = "") -> list[Any]:
    """List what a station has, in the order of the code list."""
    return [
        one
        for code, one in codes().facilities.items()
        if code in station.facilities and (one.group == group if group else one.group != "six")
    ]


def page_of_station(station: Station) -> dict[str, Any]:
    """Gather the page of one station."""
    seen = seen_one(station)
    troubles = Trouble.objects.filter(station=station, last_at__gt=clock.now() - SHOWN_FOR)
    return {
        "station": station,
        "row": row_of(seen),
        "standing": seen.standing,
        "hours": hours_lines(station),
        "days": days_to_come(station),
        "facilities": facilities_of(station),
        "haves": facilities_of(station, "six"),
        "links": links_of(station),
        "picture": picture_of_seen([seen]) if station.point else None,
        "stories": [story_of(one) for one in troubles.order_by("-last_at")[:MOST_TROUBLES]],
        "as_of": clock.now(),
    }
