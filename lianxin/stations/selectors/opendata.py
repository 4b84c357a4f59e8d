"""Stations as open data: plain values that mean the same in every language, and when they are old."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from django.db.models import Count, Max
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from lianxin.kit import clock
from lianxin.stations.constants import codes
from lianxin.stations.models import Station
from lianxin.stations.rules.hours import Spans, spans_written
from lianxin.stations.selectors.listing import in_use
from lianxin.stations.selectors.seeing import Seen, seen_of

FRESH = 300  # seconds an answer may be used for
MOST = 500  # stations in one answer of the API
# Fields of one station, in the order of the table; each with what it means and its JSON type.
FIELDS: dict[str, tuple[Any, dict[str, Any]]] = {
    "code": (_("stands on the door sign, never given again"), {"type": "string"}),
    "name": (_("its name"), {"type": "string"}),
    "kind": (_("a code, see `kinds`"), {"type": "string"}),
    "district_code": (_("GB/T 2260, six digits"), {"type": "string", "pattern": "^[0-9]{6}$"}),
    "district": (_("name of the district"), {"type": "string"}),
    "street": (_("name of the street or township"), {"type": "string"}),
    "address": (_("within the street"), {"type": "string"}),
    "door": (_("which door to take, whom to ask"), {"type": "string"}),
    "latitude": (_("WGS-84, degrees; null where nobody has measured it"), {"type": ["number", "null"]}),
    "longitude": (_("WGS-84, degrees"), {"type": ["number", "null"]}),
    "phone": (_("a person answers"), {"type": "string"}),
    "union": (_("the union that keeps it"), {"type": "string"}),
    "facilities": (_("codes, see `facilities`"), {"type": "array", "items": {"type": "string"}}),
    "hours": (_("by weekday 1 (Monday) to 7, `holiday`, `make_up` (worked weekends); a weekday left out is closed, a holiday left out is like its weekday"), {"type": "object"}),
    "always_open": (_("open around the clock"), {"type": "boolean"}),
    "state": (_("open, closed (by its hours), shut (by its keeper for a while), locked (people met a locked door), unknown; as of `as_of`"), {"enum": ["open", "closed", "shut", "locked", "unknown"]}),
    "state_until": (_("when `state` changes next, as far as known"), {"type": ["string", "null"], "format": "date-time"}),
    "in_doubt": (_("somebody met a locked door, not confirmed yet"), {"type": "boolean"}),
    "changed_at": (_("when anything of it changed last"), {"type": "string", "format": "date-time"}),
    "url": (_("its page, in both languages"), {"type": "string", "format": "uri"}),
}  # fmt: skip


def stamp() -> str:
    """Return a mark that changes whenever an answer may: with the data, and every five minutes."""
    told = in_use().aggregate(n=Count("pk"), last=Max("changed_at"))
    bucket = int(clock.now().timestamp()) // FRESH
    said = f"{told['n']}:{told['last']}:{bucket}"
    return hashlib.sha256(said.encode()).hexdigest()[:20]


def chosen(district: str = "", after: str = "", *, most: int | None = None) -> list[Seen]:
    """List stations by code, of one district or all, after a code."""
    rows = in_use().select_related("organisation").order_by("code")
    if district:
        rows = rows.filter(district_code=district)
    if after:
        rows = rows.filter(code__gt=after)
    return seen_of(rows[:most] if most else rows)


def record(seen: Seen, root: str) -> dict[str, Any]:
    """Write one station as plain values."""
    station, standing = seen.station, seen.standing
    point = station.point
    values = (
        station.code, station.name, station.kind, station.district_code, station.district_name,
        station.street_name, station.address, station.door,
        point.latitude if point else None, point.longitude if point else None,
        station.phone, station.organisation.name, list(station.facilities), hours(station),
        station.is_always_open, str(standing.state), moment(standing.until), standing.is_doubtful,
        moment(station.changed_at), root + reverse("stations:station_page", args=[station.code]),
    )  # fmt: skip
    return dict(zip(FIELDS, values, strict=True))


def hours(station: Station) -> dict[str, list[dict[str, Any]]]:
    """Write the week: opens, closes, whether the closing is on the next day, whether attended."""
    return {
        kind: [
            {
                "opens": f"{one.opens // 60:02d}:{one.opens % 60:02d}",
                "closes": f"{one.closes % 1440 // 60:02d}:{one.closes % 60:02d}",
                "next_day": one.closes >= 1440,
                "attended": one.is_attended,
            }
            for one in spans
        ]
        for kind, spans in station.hours.items()
    }


def moment(at: dt.datetime | None) -> str | None:
    """Write a moment in UTC to the second."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def as_json(seen: Sequence[Seen], root: str, *, follow: str | None) -> bytes:
    """Write an answer of the API."""
    return msgspec.json.encode(
        head(root) | {"next": follow, "stations": [record(one, root) for one in seen]}
    )


def as_geojson(seen: Iterable[Seen], root: str) -> bytes:
    """Write a FeatureCollection (RFC 7946): longitude first, WGS-84; unmeasured ones have no geometry."""
    features = []
    for one in seen:
        properties = record(one, root)
        latitude, longitude = properties.pop("latitude"), properties.pop("longitude")
        geometry = (
            None if latitude is None else {"type": "Point", "coordinates": [longitude, latitude]}
        )
        features.append(
            {
                "type": "Feature",
                "id": properties["code"],
                "geometry": geometry,
                "properties": properties,
            }
        )
    return msgspec.json.encode({"type": "FeatureCollection", **head(root), "features": features})


def as_csv(seen: Iterable[Seen], root: str) -> str:
    """Write a table; hours as people type them, so that it can be read in again."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    week = [f"hours_{kind}" for kind in ("1", "2", "3", "4", "5", "6", "7", "holiday", "make_up")]
    plain = [name for name in FIELDS if name != "hours"]
    table.writerow([*plain, *week, *(f"{name}_unattended" for name in week)])
    for one in seen:
        values = record(one, root)
        values["facilities"] = " ".join(values["facilities"])
        spans: dict[str, Spans] = one.station.hours
        row = [_cell(values[name]) for name in plain]
        for attended in (True, False):
            row += [_written(spans, name, is_attended=attended) for name in week]
        table.writerow(row)
    return out.getvalue()


def _written(spans: dict[str, Spans], name: str, *, is_attended: bool) -> str:
    kind = name.removeprefix("hours_")
    if kind not in spans:
        return ""
    return spans_written(spans[kind], is_attended=is_attended) or "closed"


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    # A spreadsheet runs what begins like a formula, whoever wrote it.
    if isinstance(value, str) and value[:1] in "=+-@\t\r" and value[1:2].isalpha():
        return f"'{value}"
    return value


def head(root: str) -> dict[str, Any]:
    """Say what every answer says of itself."""
    return {
        "as_of": moment(clock.now()),
        "datum": "WGS-84",
        "licence": "Free to use; please name the source.",
        "about": root + reverse("stations:open_data"),
    }


def schema(root: str) -> dict[str, Any]:
    """Describe the answer of the API (JSON Schema 2020-12), with the code lists in both languages."""
    known = codes()
    with translation.override("en"):
        properties = {
            name: {"description": str(about), **kind} for name, (about, kind) in FIELDS.items()
        }
    span = {
        "type": "object",
        "required": ["opens", "closes", "next_day", "attended"],
        "properties": {
            "opens": {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$"},
            "closes": {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$"},
            "next_day": {"type": "boolean"},
            "attended": {"type": "boolean"},
        },
    }
    properties["hours"]["additionalProperties"] = {"type": "array", "items": span}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": root + reverse("stations:open_schema"),
        "title": "Service stations",
        "type": "object",
        "required": ["as_of", "datum", "licence", "about", "next", "stations"],
        "properties": {
            "as_of": {"type": "string", "format": "date-time"},
            "datum": {"const": "WGS-84"},
            "licence": {"type": "string"},
            "about": {"type": "string", "format": "uri"},
            "next": {"type": ["string", "null"], "description": "address of the next answer"},
            "stations": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": list(FIELDS),
                    "properties": properties,
                },
            },
        },
        "codes": {
            name: {
                code: {"en": one.label.en, "zh_Hans": one.label.zh_Hans}
                for code, one in entries.items()
            }
            for name, entries in (("kinds", known.kinds), ("facilities", known.facilities))
        },
    }


CELL = 1000  # millionths of a degree: about a hundred metres


def where() -> dict[str, Any]:
    """Say roughly where the stations of each district are, small enough for any phone to carry.

    `districts`: code, name, then cells of a thousandth of a degree as differences: latitude,
    longitude, then from each to the next. On the phone it tells which district is nearest.
    """
    cells: dict[tuple[str, str], set[tuple[int, int]]] = {}
    rows = in_use().exclude(latitude_e6=None).order_by("district_code")
    columns = ("district_code", "district_name", "latitude_e6", "longitude_e6")
    names: dict[str, str] = {}
    for code, name, latitude, longitude in rows.values_list(*columns):
        if latitude is None or longitude is None:
            continue
        key = code, names.setdefault(code, name)
        cells.setdefault(key, set()).add((round(latitude / CELL), round(longitude / CELL)))
    return {
        "unit": CELL / 1_000_000,
        "districts": [[code, name, *_differences(found)] for (code, name), found in cells.items()],
    }


def _differences(found: set[tuple[int, int]]) -> list[int]:
    said: list[int] = []
    at = (0, 0)
    for cell in sorted(found):
        said += [cell[0] - at[0], cell[1] - at[1]]
        at = cell
    return said
