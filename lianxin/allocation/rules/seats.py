"""Which numbered seats somebody keeps, or gets besides, when her group changes. Pure.

Seats are numbers in the order of the house; a gap ends a row, so only who follows upon another
sits beside her.
"""

from __future__ import annotations

from collections.abc import Sequence


def kept_of(own: Sequence[int], size: int) -> list[int]:
    """Choose which of her seats a smaller group keeps: the first side by side, else the first."""
    seats = sorted(own)
    for start in range(len(seats) - size + 1):
        run = seats[start : start + size]
        if run and run[-1] - run[0] == size - 1:
            return run
    return seats[:size]


def added_to(own: Sequence[int], free: Sequence[int], count: int) -> list[int]:
    """Choose the free seats a larger group gets besides: each time the nearest to those it has."""
    held, left = list(own), sorted(free)
    added: list[int] = []
    while left and len(added) < count:
        seat = min(left, key=lambda one: (min((abs(one - mine) for mine in held), default=0), one))
        left.remove(seat)
        held.append(seat)
        added.append(seat)
    return added
