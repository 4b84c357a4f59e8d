"""The tree of the demo: the city, 40 district and industry unions, streets, about 1,000 unions."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from lianxin.orgs.api import Level
from lianxin.orgs.testing import TREE, invented_uscc
from tools.demo.words import BRANDS_1, BRANDS_2, CITY, DISTRICTS, INDUSTRIES, STREETS, TRADES

NAMED = {code: name for _key, _parent, code, _level, name in TREE}


@dataclass(frozen=True, slots=True)
class Union:
    """A grassroots union, as the workbook of members names it."""

    code: str
    name: str
    employer: str
    is_industry: bool


def rows(chance: random.Random, unions: int) -> Iterator[dict[str, str]]:
    """Yield the rows of the tree, parents first; `unions` is the number of grassroots unions."""
    names = _names(chance)
    yield _row("JZ", f"{CITY}总工会", Level.CITY, "", address="嘉州市人民路 1 号")
    streets = [row for code, name in DISTRICTS for row in _district(code, name)]
    yield from streets
    places = [row["code"] for row in streets if row["level"] == Level.STREET]
    for code, name in INDUSTRIES:
        yield _row(f"JZ-{code.upper()}", f"{CITY}{name}工会", Level.INDUSTRY, "JZ")
    industrial = [f"JZ-{code.upper()}" for code, _name in INDUSTRIES]
    taken = dict.fromkeys([*places, *industrial], 0)
    for number in range(unions):
        # The first ones go round all streets, so that each has some; every eighth is industrial.
        where = industrial if number % 8 == 7 else places
        parent = where[(number - number // 8) % len(where)]
        taken[parent] += 1
        code = f"{parent}-{taken[parent]:03d}"
        yield _row(code, NAMED.get(code) or f"{next(names)}工会", Level.GRASSROOTS, parent)


def grassroots(tree: list[dict[str, str]]) -> list[Union]:
    """List the unions people belong to."""
    return [
        Union(
            row["code"],
            row["name"],
            row["name"].removesuffix("工会"),
            row["code"].count("-") == 2,
        )
        for row in tree
        if row["level"] == Level.GRASSROOTS
    ]


def _district(code: str, name: str) -> Iterator[dict[str, str]]:
    own = f"JZ-{code}"
    yield _row(own, f"{name}总工会", Level.DISTRICT, "JZ", address=f"{CITY}{name}工人路 8 号")
    first = {"JL": ["北苍"], "BH": ["江湾"]}.get(code, [])
    shift = sum(map(ord, code))
    others = [STREETS[(shift + n * 5) % len(STREETS)] for n in range(5)]
    for street in list(dict.fromkeys([*first, *others]))[:4]:
        part = {"北苍": "BC", "江湾": "JW"}.get(street) or f"S{STREETS.index(street):02d}"
        yield _row(
            f"{own}-{part}",
            f"{street}街道总工会",
            Level.STREET,
            own,
            address=f"{CITY}{name}{street}街 16 号",
        )


def _names(chance: random.Random) -> Iterator[str]:
    found = [a + b + trade for a in BRANDS_1 for b in BRANDS_2 for trade in TRADES if a != b]
    chance.shuffle(found)
    first = [name for name in dict.fromkeys(found) if f"{name}工会" not in NAMED.values()]
    yield from first
    # A city of 60,000 unions needs more: then firms bear the name of their district, too.
    yield from (f"{place}{name}" for _code, place in DISTRICTS for name in first)


def _row(code: str, name: str, level: Level, parent: str, *, address: str = "") -> dict[str, str]:
    return {
        "code": code,
        "name": name,
        "level": level,
        "parent": parent,
        "uscc": invented_uscc(code),
        "phone": "12351",
        "address": address,
        "opening_hours": "工作日 9:00–17:30",
    }
