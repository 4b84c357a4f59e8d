"""Counts over a tree of unions in which nobody can be found: small groups stay hidden.

A number is safe when it is nothing, or when it counts enough people and leaves enough out: fewer
than `least` could be recognised, and of a union all of whose people fit, everybody would be known.
Hiding the small one alone is not enough: the total above minus its neighbours would tell it. So as
much more is hidden beside it as makes the rest safe, first what costs least. What lies below a
hidden union is hidden with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """How many are counted, and how many of the same group are not."""

    counted: int
    others: int

    def __add__(self, other: Cell) -> Cell:
        return Cell(self.counted + other.counted, self.others + other.others)

    def is_safe(self, least: int) -> bool:
        """Say whether the number may be seen."""
        return self.counted == 0 or (self.counted >= least and self.others >= least)


NOBODY = Cell(0, 0)


def totals(parents: Sequence[int], own: Sequence[Cell]) -> list[Cell]:
    """Add up each union with all below it; `parents` holds places, -1 at the top, parents first."""
    found = list(own)
    for at in range(len(found) - 1, -1, -1):
        if parents[at] >= 0:
            found[parents[at]] += found[at]
    return found


def hidden(parents: Sequence[int], own: Sequence[Cell], least: int) -> list[bool]:
    """Say for each union whether its total must stay hidden, by itself or to protect another."""
    whole = totals(parents, own)
    below: list[list[int]] = [[] for _ in parents]
    for at, parent in enumerate(parents):
        if parent >= 0:
            below[parent].append(at)
    found = [parent < 0 and not whole[at].is_safe(least) for at, parent in enumerate(parents)]
    for at, children in enumerate(below):
        if found[at]:
            chosen = list(range(len(children)))
        else:
            chosen = _kept_back([whole[child] for child in children], own[at], least)
        for place in chosen:
            found[children[place]] = True
    return found


def _kept_back(children: Sequence[Cell], own: Cell, least: int) -> list[int]:
    """Choose which children of a union that is shown are hidden.

    What can be reckoned from the rest is the sum of the hidden ones and of the union's own people.
    """
    chosen = [at for at, each in enumerate(children) if not each.is_safe(least)]
    rest = sum((children[at] for at in chosen), own)
    free = sorted(
        (at for at, each in enumerate(children) if at not in set(chosen) and each.counted),
        key=lambda at: children[at].counted,
    )
    while free and not rest.is_safe(least):
        chosen.append(free.pop(0))
        rest += children[chosen[-1]]
    return chosen
