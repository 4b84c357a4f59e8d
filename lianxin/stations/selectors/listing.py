"""The public list: districts, the stations of one, search, filters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet

from lianxin.kit.pinyin import spelled
from lianxin.kit.text import clean
from lianxin.stations.constants import codes
from lianxin.stations.models import Station
from lianxin.stations.selectors.seeing import Seen, seen_of

PAGE = 40
MOST_IN_SITEMAP = 40_000
MOST_FOUND = 400  # of a search: beyond it one is asked for a district


@dataclass(frozen=True, slots=True)
class District:
    """A district with stations."""

    code: str
    name: str
    stations: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for."""

    search: str = ""
    is_open: bool = False
    is_always: bool = False
    facilities: tuple[str, ...] = ()
    street: str = ""

    @property
    def is_plain(self) -> bool:
        """Say whether nothing special is looked for."""
        return self == Wish()

    @classmethod
    def of(cls, asked: dict[str, str], facilities: Sequence[str] = ()) -> Wish:
        """Read what stands in an address; what makes no sense is left out."""
        known = codes().facilities
        return cls(
            search=clean(asked.get("q", ""))[:40],
            is_open=asked.get("open") == "1",
            is_always=asked.get("always") == "1",
            facilities=tuple(dict.fromkeys(one for one in facilities if one in known)),
            street=clean(asked.get("street", ""))[:40],
        )


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what fits, how many fit in all, and where the next page begins."""

    rows: list[Seen]
    every: list[Seen]
    next_token: str

    @property
    def count(self) -> int:
        """Return how many fit in all."""
        return len(self.every)


def in_use() -> QuerySet[Station]:
    """List the stations there are; those given up are left out."""
    return Station.objects.filter(ended_on=None)


def districts() -> list[District]:
    """List the districts that have stations, by code. One query."""
    rows = (
        in_use()
        .values("district_code")
        .annotate(n=Count("pk"), name=Max("district_name"))
        .order_by("district_code")
    )
    return [District(row["district_code"], row["name"], row["n"]) for row in rows]


def newest() -> list[tuple[str, dt.datetime]]:
    """List the stations for search engines, the latest changed first; a file of theirs has an end."""
    rows = in_use().order_by("-changed_at", "-pk").values_list("code", "changed_at")
    return list(rows[:MOST_IN_SITEMAP])


def streets_of(seen: Sequence[Seen]) -> list[str]:
    """List the streets some stations stand in, by their sound."""
    names = {one.station.street_name for one in seen if one.station.street_name}
    return sorted(names, key=spelled)


def stations_in(district_code: str) -> list[Seen]:
    """List every station of a district as it stands now, street by street. Five queries."""
    rows = in_use().filter(district_code=district_code)
    return seen_of(rows.order_by("street_name", "sort_key", "pk"))


def fitting(seen: Sequence[Seen], wish: Wish, after: str = "") -> Found:
    """Keep what fits a wish, a page of it after the station with a code."""
    every = [one for one in seen if fits(one, wish)]
    at = next((n + 1 for n, one in enumerate(every) if one.station.code == after), 0)
    rows = every[at : at + PAGE]
    token = rows[-1].station.code if len(every) > at + PAGE else ""
    return Found(rows, every, token)


def fits(seen: Seen, wish: Wish) -> bool:
    """Say whether a station is what somebody looks for."""
    station = seen.station
    if wish.is_open and not seen.standing.is_open:
        return False
    if wish.is_always and not station.is_always_open:
        return False
    if wish.street and station.street_name != wish.street:
        return False
    return set(wish.facilities) <= set(station.facilities)


def stations_named(search: str) -> list[Seen]:
    """Find stations by name, address, street, code, or how the name sounds; the first few hundred."""
    typed = clean(search)[:40]
    if not typed:
        return []
    words = Q()
    for word in typed.split():
        words &= (
            Q(name__icontains=word)
            | Q(address__icontains=word)
            | Q(street_name__icontains=word)
            | Q(district_name__icontains=word)
        )
    words |= Q(code__iexact=typed)
    if sound := spelled(typed):
        words |= Q(sort_key__startswith=sound)
    rows = in_use().filter(words)
    return seen_of(rows.order_by("sort_key", "pk")[:MOST_FOUND])
