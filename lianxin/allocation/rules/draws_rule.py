"""The rule of a draw as it is published: everything that decides, before anybody knows anything. Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lianxin.allocation.rules.draws import LARGEST_WEIGHT, canonical
from lianxin.allocation.rules.draws_steps import LEAST_LOCKS, Moments

MOMENTS = ("closes_at", "commit_until", "reveal_until", "known_at")
EVERYBODY_ELSE = {"en": "Everybody else", "zh_Hans": "其他报名人"}
NEVER_BEFORE = {"en": "Who got none of these before", "zh_Hans": "以前没得到过的"}
ONE_TICKET = {"en": "One ticket each", "zh_Hans": "每人一个号"}
MISSED = {
    "en": "One ticket, and one more for each earlier draw of this kind that was lost",
    "zh_Hans": "一个号；以前同类抽签没抽中的，每次多一个号",
}


@dataclass(frozen=True, slots=True)
class PartyTerms:
    """Somebody who locks a secret away: a name and in which capacity."""

    name: str
    capacity: str

    def as_plain(self) -> dict[str, str]:
        return {"as": self.capacity, "name": self.name}


@dataclass(frozen=True, slots=True)
class RuleTerms:
    """What the rule of one draw is made of."""

    draw_id: uuid.UUID
    pool_id: uuid.UUID
    organisation: str
    title: str
    places: int
    most: int
    strata: Sequence[Mapping[str, str]]  # words in both languages, without the last
    weight_most: int
    moments: Moments
    parties: Sequence[PartyTerms]
    public: Mapping[str, Any]
    instead_of: uuid.UUID | None = None

    def as_plain(self) -> dict[str, Any]:
        """Write the rule so that its canonical form says everything."""
        words = [dict(one) for one in self.strata]
        return {
            "draw": str(self.draw_id),
            "instead_of": str(self.instead_of) if self.instead_of else "",
            "least_locks": LEAST_LOCKS,
            "moments": {name: stamp(getattr(self.moments, name)) for name in MOMENTS},
            "most": self.most,
            "organisation": self.organisation,
            "parties": [one.as_plain() for one in self.parties],
            "places": self.places,
            "pool": str(self.pool_id),
            "public": dict(self.public),
            "strata": [*words, EVERYBODY_ELSE],
            "title": self.title,
            "weights": {
                "most": self.weight_most,
                "words": dict(ONE_TICKET if self.weight_most == 1 else MISSED),
            },
        }

    def text(self) -> str:
        return canonical(self.as_plain())


def stamp(at: dt.datetime) -> str:
    """Write a moment as it stands in the file: UTC, whole seconds."""
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def weight_of(missed: int, most: int) -> int:
    """Return how many tickets somebody has who lost so many draws before."""
    return max(1, min(1 + missed, most, LARGEST_WEIGHT))
