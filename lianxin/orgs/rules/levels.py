"""The levels of the union tree, who may stand below whom, and lines of paths. Pure."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """The level of an organisation in the union tree (组织层级)."""

    NATIONAL = "national"
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    INDUSTRY = "industry"
    STREET = "street"
    GRASSROOTS = "grassroots"
    GROUP = "group"


# Who may stand directly below whom: a line may leave out levels, never turn them round.
_RANK = {
    Level.NATIONAL: 0,
    Level.PROVINCE: 1,
    Level.CITY: 2,
    Level.DISTRICT: 3,
    Level.INDUSTRY: 3,
    Level.STREET: 4,
    Level.GRASSROOTS: 5,
    Level.GROUP: 6,
}


def may_stand_below(child: Level, parent: Level) -> bool:
    """Say whether an organisation of one level may be founded under one of another."""
    return _RANK[child] > _RANK[parent]


def paths_above(path: str, steplen: int = 4) -> list[str]:
    """List the paths of an organisation's line, the root first, its own last."""
    return [path[:end] for end in range(steplen, len(path) + 1, steplen)]
