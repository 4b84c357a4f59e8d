"""Whether draws over many seeds are flat: nobody's place in the order, and no two people's, is likelier.

The order of a draw is counted over seeds; chi-square says how far the counts are from even. A p-value
near 0 means uneven, one near 1 too even to be chance: both are faults.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from lianxin.allocation.rules.draws import Row, order_of

Ordered = Callable[[str, list[Row]], list[int]]
LIKELY = (
    1e-4,
    1 - 1e-4,
)  # a sound draw is outside once in five thousand runs; with a fixed seed, never


@dataclass(frozen=True, slots=True)
class Flatness:
    """What chi-square says, a p-value each."""

    position: float  # who stands where in the order
    pair: float  # which two stand first and second
    tickets: float  # who comes first where tickets differ: 1, 2, 3, …

    @property
    def is_flat(self) -> bool:
        return all(LIKELY[0] < p < LIKELY[1] for p in (self.position, self.pair, self.tickets))


def flatness(seeds: int, *, lines: int, start: str, ordered: Ordered = order_of) -> Flatness:
    """Draw so many times from seeds made out of `start`, and judge what came out."""
    even = [Row(hashlib.sha256(f"{n}".encode()).hexdigest(), 0, 1, 1) for n in range(lines)]
    heavy = [Row(row.line, 0, n, 1) for n, row in enumerate(even[:5], 1)]
    places = [[0] * lines for _ in range(lines)]
    pairs: Counter[tuple[int, int]] = Counter()
    first: Counter[int] = Counter()
    for number in range(seeds):
        seed = hashlib.sha256(f"{start} {number}".encode()).hexdigest()
        order = ordered(seed, even)
        for at, who in enumerate(order):
            places[at][who] += 1
        pairs[order[0], order[1]] += 1
        first[ordered(seed, heavy)[0]] += 1
    return Flatness(_positions(places, seeds), _pairs(pairs, lines, seeds), _tickets(first, heavy, seeds))  # fmt: skip


def _positions(places: list[list[int]], seeds: int) -> float:
    # Rows and columns of counts of permutations both add up: the variance of a cell is seeds / (n - 1).
    n = len(places)
    square = sum((seen - seeds / n) ** 2 for row in places for seen in row) * (n - 1) / seeds
    return chi_square_p(square, (n - 1) ** 2)


def _pairs(pairs: Counter[tuple[int, int]], n: int, seeds: int) -> float:
    even = seeds / (n * (n - 1))
    square = sum((pairs[one, two] - even) ** 2 / even for one in range(n) for two in range(n) if one != two)  # fmt: skip
    return chi_square_p(square, n * (n - 1) - 1)


def _tickets(first: Counter[int], rows: list[Row], seeds: int) -> float:
    slips = sum(row.weight for row in rows)
    due = [seeds * row.weight / slips for row in rows]
    square = sum((first[at] - one) ** 2 / one for at, one in enumerate(due))
    return chi_square_p(square, len(rows) - 1)


def chi_square_p(square: float, freedom: int) -> float:
    """Return how likely chi-square is at least so large: the regularised incomplete gamma function."""
    a, x = freedom / 2, square / 2
    if x <= 0:
        return 1.0
    scale = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:  # series for the lower part
        term = total = 1 / a
        n = a
        while term > total * 1e-15:
            n += 1
            term *= x / n
            total += term
        return 1 - total * scale
    b = x + 1 - a  # Lentz's continued fraction for the upper part
    c, d = 1e300, 1 / b
    h = d
    for i in range(1, 10_000):
        an = -i * (i - a)
        b += 2
        d = 1 / (an * d + b)
        c = b + an / c
        h *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return scale * h
