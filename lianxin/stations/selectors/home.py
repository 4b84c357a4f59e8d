"""Stations on the home page and in the search of services."""

from __future__ import annotations

import time

from django.db.models import QuerySet

from lianxin.kit.text import clean
from lianxin.members.api import Member
from lianxin.orgs.api import Level, ancestor_at, below_q
from lianxin.stations.constants import codes
from lianxin.stations.models import Station
from lianxin.stations.selectors.listing import in_use
from lianxin.stations.selectors.seeing import Seen, seen_of
from lianxin.stations.selectors.shown import Row, row_of

SHOWN = 3
LOOKED_AT = 60
ASKED_EVERY = 60.0  # seconds
MOST_FOUND = 4
# What people type when a station is what they need, beside the names of what stations have.
WORDS = (
    "驿站",
    "歇脚",
    "休息",
    "喝水",
    "厕所",
    "充电",
    "station",
    "rest",
    "toilet",
    "water",
    "charge",
)


class _Known:
    """Whether there is any station: once there was one, nobody has to be asked again."""

    is_any = False
    asked_at = float("-inf")


def is_any() -> bool:
    """Say whether there is any station at all; where there was none, it is asked once a minute."""
    now = time.monotonic()
    if not _Known.is_any and now > _Known.asked_at + ASKED_EVERY:
        _Known.is_any, _Known.asked_at = in_use().exists(), now
    return _Known.is_any


def forget() -> None:
    """Ask the database again at the next question."""
    _Known.is_any, _Known.asked_at = False, float("-inf")


def open_near(member: Member) -> list[Row]:
    """List a few stations that are open now in a member's district, those of her own line first."""
    union = member.organisation
    district = ancestor_at(union, Level.DISTRICT) or union
    rows = _of_line(union.path, in_use().filter(below_q(district.path)))
    seen = [one for one in seen_of(rows) if one.standing.is_open]
    seen.sort(key=lambda one: _far(one, union.path))
    return [row_of(one) for one in seen[:SHOWN]]


def _of_line(path: str, stations: QuerySet[Station]) -> list[Station]:
    rows = list(stations.select_related("organisation").order_by("organisation__path", "pk")[:400])
    return sorted(rows, key=lambda one: -_shared(one.organisation.path, path))[:LOOKED_AT]


def _far(seen: Seen, path: str) -> tuple[int, bool, bool, str]:
    """Own union, then own street, then the rest; doubtful ones last, those with somebody there first."""
    station, standing = seen.station, seen.standing
    shared = _shared(station.organisation.path, path)
    return -shared, standing.is_doubtful, not standing.is_attended, station.sort_key


def _shared(one: str, other: str, steplen: int = 4) -> int:
    steps = zip(one, other, strict=False)
    same = next((at for at, (a, b) in enumerate(steps) if a != b), min(len(one), len(other)))
    return same // steplen


def found_for(typed: str) -> list[Row]:
    """List the stations a search of services means by name; a word of need brings the list itself."""
    words = clean(typed)[:40]
    if len(words) < 2:
        return []
    found = in_use().filter(name__icontains=words).order_by("sort_key", "pk")[:MOST_FOUND]
    return [row_of(one) for one in seen_of(found)]


def is_meant(typed: str) -> bool:
    """Say whether somebody looks for a station, or for something stations have."""
    said = clean(typed).casefold()
    names = [str(one.label.zh_Hans) for one in codes().facilities.values()]
    return bool(said) and any(word in said for word in [*WORDS, *names])
