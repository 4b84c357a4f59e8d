"""Where a place is: datums, distances, links that open the right spot in each map. Pure.

Positions are kept in WGS-84 (what a phone's receiver and `geo:` speak), in millionths of a degree.
Maps published in mainland China are drawn in GCJ-02, Baidu's in BD-09 on top of it: a point that
is right in one lies some hundred metres off in another. So every link carries the datum its map
expects, and imports say which one their columns are in.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urlencode

E6 = 1_000_000
_AXIS = 6_378_245.0  # Krasovsky 1940, which GCJ-02 is computed on
_ECCENTRICITY = 0.00669342162296594323
_EARTH = 6_371_008.8  # mean radius of WGS-84, in metres
_BAIDU = math.pi * 3000 / 180
_CLOSE = 1e-9  # degrees: a tenth of a millimetre


class Datum(StrEnum):
    """How a pair of degrees is meant."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


@dataclass(frozen=True, slots=True)
class Point:
    """A position in degrees, of one datum."""

    latitude: float
    longitude: float

    @classmethod
    def of_e6(cls, latitude: int, longitude: int) -> Point:
        return cls(latitude / E6, longitude / E6)

    def e6(self) -> tuple[int, int]:
        return round(self.latitude * E6), round(self.longitude * E6)


def is_in_china(point: Point) -> bool:
    """Say whether GCJ-02 shifts a point: a rough box, as the maps themselves use it."""
    return 0.8293 <= point.latitude <= 55.8271 and 72.004 <= point.longitude <= 137.8347


def wgs84_to_gcj02(point: Point) -> Point:
    """Shift a point as Chinese maps are shifted; outside China it stays."""
    if not is_in_china(point):
        return point
    north, east = _shift(point)
    return Point(point.latitude + north, point.longitude + east)


def gcj02_to_wgs84(point: Point) -> Point:
    """Undo the shift, to a fraction of a millimetre: it has no formula, so it is closed in upon."""
    if not is_in_china(point):
        return point
    guess = point
    for _ in range(30):
        shown = wgs84_to_gcj02(guess)
        north, east = point.latitude - shown.latitude, point.longitude - shown.longitude
        guess = Point(guess.latitude + north, guess.longitude + east)
        if abs(north) < _CLOSE and abs(east) < _CLOSE:
            break
    return guess


def gcj02_to_bd09(point: Point) -> Point:
    """Shift a point of GCJ-02 once more, as Baidu does."""
    x, y = point.longitude, point.latitude
    away = math.hypot(x, y) + 0.00002 * math.sin(y * _BAIDU)
    angle = math.atan2(y, x) + 0.000003 * math.cos(x * _BAIDU)
    return Point(away * math.sin(angle) + 0.006, away * math.cos(angle) + 0.0065)


def bd09_to_gcj02(point: Point) -> Point:
    """Undo Baidu's shift, closing in upon it."""
    guess = Point(point.latitude - 0.006, point.longitude - 0.0065)
    for _ in range(30):
        shown = gcj02_to_bd09(guess)
        north, east = point.latitude - shown.latitude, point.longitude - shown.longitude
        guess = Point(guess.latitude + north, guess.longitude + east)
        if abs(north) < _CLOSE and abs(east) < _CLOSE:
            break
    return guess


def to_wgs84(point: Point, datum: Datum) -> Point:
    """Turn a point of any datum into WGS-84."""
    if datum is Datum.BD09:
        point = bd09_to_gcj02(point)
    return point if datum is Datum.WGS84 else gcj02_to_wgs84(point)


def _shift(point: Point) -> tuple[float, float]:
    x, y = point.longitude - 105.0, point.latitude - 35.0
    root = math.sqrt(abs(x))
    ripple = (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    north += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    east += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    angle = math.radians(point.latitude)
    magic = 1 - _ECCENTRICITY * math.sin(angle) ** 2
    by_latitude = _AXIS * (1 - _ECCENTRICITY) / (magic * math.sqrt(magic)) * math.pi
    by_longitude = _AXIS / math.sqrt(magic) * math.cos(angle) * math.pi
    return north * 180 / by_latitude, east * 180 / by_longitude


def metres_between(one: Point, other: Point) -> float:
    """Return the distance over ground, in metres (haversine; the phone computes the same)."""
    north = math.radians(other.latitude - one.latitude)
    east = math.radians(other.longitude - one.longitude)
    lean = math.cos(math.radians(one.latitude)) * math.cos(math.radians(other.latitude))
    chord = math.sin(north / 2) ** 2 + lean * math.sin(east / 2) ** 2
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(chord)))


@dataclass(frozen=True, slots=True)
class MapLink:
    """A way to open a place in a map."""

    code: str
    url: str


def map_links(point: Point, name: str, address: str) -> list[MapLink]:
    """List the ways to open a place (given in WGS-84): the phone's own map, then the common apps."""
    shown = wgs84_to_gcj02(point)
    there = f"{shown.latitude:.6f},{shown.longitude:.6f}"
    amap = {
        "position": f"{shown.longitude:.6f},{shown.latitude:.6f}",
        "name": name,
        "coordinate": "gaode",
        "callnative": "1",
    }
    baidu = {
        "location": there,
        "title": name,
        "content": address or name,
        "coord_type": "gcj02",
        "output": "html",
        "src": "lianxin",
    }
    tencent = {"marker": f"coord:{there};title:{name};addr:{address or name}", "referer": "lianxin"}
    return [
        MapLink("geo", geo_uri(point, name)),
        MapLink("amap", "https://uri.amap.com/marker?" + urlencode(amap)),
        MapLink("baidu", "https://api.map.baidu.com/marker?" + urlencode(baidu)),
        MapLink("tencent", "https://apis.map.qq.com/uri/v1/marker?" + urlencode(tencent)),
    ]


def geo_uri(point: Point, name: str) -> str:
    """Return the `geo:` link of a place (RFC 5870, WGS-84), with the label Android shows."""
    at = f"{point.latitude:.6f},{point.longitude:.6f}"
    return f"geo:{at}?q={at}({quote(name)})"


@dataclass(frozen=True, slots=True)
class Dot:
    """A place as the small map draws it, in the units of the drawing."""

    x: float
    y: float
    at: int  # its place in the list that was given


@dataclass(frozen=True, slots=True)
class Picture:
    """A small map: its size, the outline box round the places, a scale bar."""

    width: int
    height: int
    dots: tuple[Dot, ...]
    bar_width: float
    bar_metres: int


_MARGIN = 24.0
_BARS = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)


def picture_of(points: Sequence[Point], *, width: int = 640, tallest: int = 480) -> Picture | None:
    """Lay points out so that north is up and distances are true in both directions."""
    if not points:
        return None
    south, north = min(p.latitude for p in points), max(p.latitude for p in points)
    west, east = min(p.longitude for p in points), max(p.longitude for p in points)
    lean = math.cos(math.radians((south + north) / 2))
    # Never closer in than a kilometre: one station, or a cluster of them, stays readable.
    across = max((east - west) * lean, 0.009)
    down = max(north - south, 0.009 * 0.6)
    scale = min((width - 2 * _MARGIN) / across, (tallest - 2 * _MARGIN) / down)
    height = round(down * scale + 2 * _MARGIN)
    middle = (west + east) / 2, (south + north) / 2
    dots = tuple(
        Dot(
            round(width / 2 + (p.longitude - middle[0]) * lean * scale, 1),
            round(height / 2 - (p.latitude - middle[1]) * scale, 1),
            at,
        )
        for at, p in enumerate(points)
    )
    a_metre = scale / (_EARTH * math.pi / 180)
    bar = max((one for one in _BARS if one * a_metre <= width / 3), default=_BARS[0])
    return Picture(width, height, dots, round(bar * a_metre, 1), bar)
