"""Where stations are, drawn: the small map of a district, the links of one station."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lianxin.stations.models import Station
from lianxin.stations.rules.places import MapLink, map_links, picture_of
from lianxin.stations.selectors.seeing import Seen


@dataclass(frozen=True, slots=True)
class ShownDot:
    """A station on the map."""

    x: float
    y: float
    state: str
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """The map of a list, ready to draw."""

    width: int
    height: int
    dots: list[ShownDot]
    bar_from: float
    bar_to: float
    bar_at: float
    radius: int
    bar_words: str


def picture_of_seen(seen: Sequence[Seen]) -> ShownPicture | None:
    """Draw stations as dots; those nobody has measured are only in the list."""
    placed = [(one, point) for one in seen if (point := one.station.point) is not None]
    picture = picture_of([point for _one, point in placed])
    if picture is None:
        return None
    dots = [
        ShownDot(
            dot.x,
            dot.y,
            str(placed[dot.at][0].standing.state),
            placed[dot.at][0].station.name,
            placed[dot.at][0].station.code,
        )
        for dot in picture.dots
    ]
    return ShownPicture(
        picture.width,
        picture.height,
        # The open ones on top, where dots cover one another.
        sorted(dots, key=lambda dot: dot.state == "open"),
        bar_from=picture.width - 16 - picture.bar_width,
        bar_to=picture.width - 16,
        bar_at=picture.height - 10,
        radius=12 if len(dots) <= 40 else 9 if len(dots) <= 150 else 7,
        bar_words=length_said(picture.bar_metres),
    )


def length_said(metres: int) -> str:
    """Write a length as one says it."""
    if metres < 1000:
        return _("%(n)s m") % {"n": metres}
    return _("%(n)s km") % {"n": f"{metres / 1000:g}"}


def links_of(station: Station) -> list[tuple[MapLink, str]]:
    """List the ways to open a station in a map, each with its words."""
    if station.point is None:
        return []
    words = {
        "geo": _("Map of this phone"),
        "amap": _("Amap"),
        "baidu": _("Baidu Maps"),
        "tencent": _("Tencent Maps"),
    }
    links = map_links(station.point, station.name, station.address)
    return [(link, words[link.code]) for link in links]
