"""Factories for tests and the demo: stations over an invented city, reports, strangers."""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from lianxin.orgs.api import Actor, Organisation
from lianxin.stations.models import Station, StationReport, Trouble
from lianxin.stations.rules.hours import WEEKDAYS, Spans, spans_read, week_packed
from lianxin.stations.rules.places import Point
from lianxin.stations.services.editing import days_set
from lianxin.stations.services.reporting import Told, report_send

__all__ = [
    "HERE",
    "JIALING",
    "Point",
    "StationReport",
    "Trouble",
    "Week",
    "days_set",
    "hours_of",
    "photo_of",
    "station_make",
    "told_by",
    "week_of",
]

Week = dict[str, Spans]
# Area 99 does not exist, and so no map has these streets.
JIALING = ("990101", "嘉岭区")
HERE = Point(29.56, 106.55)


def hours_of(attended: str = "8:00-22:00", unattended: str = "", **days: str) -> Week:
    """Set a week: the same hours every day, single kinds of day by `d6="9:00-17:00", holiday=""`."""
    every = spans_read(attended) + spans_read(unattended, is_attended=False)
    week = dict.fromkeys(WEEKDAYS, every)
    return week | {kind.removeprefix("d"): spans_read(typed) for kind, typed in days.items()}


def week_of(
    attended: str = "8:00-22:00", unattended: str = "", **days: str
) -> dict[str, list[list[int]]]:
    """Write a week as `hours_of` sets it, the way the table keeps it."""
    return week_packed(hours_of(attended, unattended, **days))


def station_make(
    organisation: Organisation,
    name: str = "北苍驿站",
    *,
    code: str = "JZ-001",
    district: tuple[str, str] = JIALING,
    point: Point | None = HERE,
    week: Mapping[str, Any] | None = None,
    **fields: Any,
) -> Station:
    """Make a station open from eight to ten every day, unless told otherwise."""
    latitude, longitude = point.e6() if point else (None, None)
    return Station.objects.create(
        organisation=organisation,
        name=name,
        code=code,
        division_code=district[0],
        district_name=district[1],
        latitude_e6=latitude,
        longitude_e6=longitude,
        week=week_of() if week is None else dict(week),
        **{"address": "人民路 1 号", "street_name": "北苍街道", "phone": "12351", **fields},
    )


def photo_of(content: bytes = b"") -> SimpleUploadedFile:
    """Take a picture of a door; the phone writes into it where that was."""
    if not content:
        exif = Image.Exif()
        exif.get_ifd(0x8825).update({1: "N", 2: (29.0, 33.0, 36.0)})
        out = io.BytesIO()
        Image.new("RGB", (60, 40), "#886644").save(out, "JPEG", exif=exif)
        content = out.getvalue()
    return SimpleUploadedFile("IMG_20261124.jpg", content, "image/jpeg")


def told_by(
    station: Station, teller: str, kind: str = "locked", *, actor: Actor | None = None
) -> Told:
    """Let somebody tell something, from a browser of her own."""
    return report_send(
        actor=actor or Actor(), station_id=station.pk, kind=kind, teller=teller, key=uuid.uuid4()
    )
