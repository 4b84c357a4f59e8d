"""Links that open a place in the map a phone has. Pure.

Positions are kept in WGS-84, what a phone's receiver and `geo:` speak. Maps published in mainland
China are drawn on another datum; each of these links says that ours is WGS-84, and the map shifts
it itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode


@dataclass(frozen=True, slots=True)
class MapLink:
    """One way to open a place."""

    code: str
    url: str


def map_links(position: tuple[float, float], name: str, address: str) -> list[MapLink]:
    """List the ways to open a place: the phone's own map, then the common ones."""
    latitude, longitude = position
    at = f"{latitude:.6f},{longitude:.6f}"
    amap = {"position": f"{longitude:.6f},{latitude:.6f}", "name": name, "coordinate": "wgs84", "callnative": "1"}  # fmt: skip
    baidu = {"location": at, "title": name, "content": address or name, "coord_type": "wgs84", "output": "html", "src": "lianxin"}  # fmt: skip
    return [
        MapLink("geo", f"geo:{at}?q={at}({quote(name)})"),
        MapLink("amap", "https://uri.amap.com/marker?" + urlencode(amap)),
        MapLink("baidu", "https://api.map.baidu.com/marker?" + urlencode(baidu)),
    ]


def search_link(name: str, address: str) -> str:
    """Return a link that has a map look for a place of which only the address is known."""
    return "https://uri.amap.com/search?" + urlencode({"keyword": f"{address} {name}".strip(), "callnative": "1"})  # fmt: skip
