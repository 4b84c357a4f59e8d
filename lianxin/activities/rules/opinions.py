"""How it was, in one of three words; shown over groups large enough to hide in. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

SHOWN_FROM = 5
KEPT = dt.timedelta(days=14)  # as long as it is known who came


class Said(StrEnum):
    """What one can say of a session; never of a person."""

    GOOD = "good"  # 很好
    FAIR = "fair"  # 还行
    POOR = "poor"  # 不太好


@dataclass(frozen=True, slots=True)
class Opinions:
    """How many said what, and the lines, in an order that says nothing."""

    counts: tuple[tuple[Said, int], ...]
    lines: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many answered."""
        return sum(count for _said, count in self.counts)


def gathered(rows: Iterable[tuple[str, str]]) -> Opinions | None:
    """Sum up pairs of word and line; None while they are too few to hide in."""
    listed = list(rows)
    if len(listed) < SHOWN_FROM:
        return None
    counts = Counter(Said(said) for said, _line in listed)
    lines = sorted(line for _said, line in listed if line)
    return Opinions(tuple((one, counts[one]) for one in Said), tuple(lines))
