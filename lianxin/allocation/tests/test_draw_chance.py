"""Nobody's place in a draw is likelier than another's, over many seeds."""

from __future__ import annotations

import pytest

from lianxin.allocation.rules.draws import Row, order_of
from lianxin.allocation.testing.draw_chance import chi_square_p, flatness


# Tables of chi-square: NIST/SEMATECH e-Handbook, 1.3.6.7.4.
@pytest.mark.parametrize(
    ("square", "freedom", "p"),
    [(3.841, 1, 0.05), (9.488, 4, 0.05), (13.277, 4, 0.01), (124.342, 100, 0.05), (61.918, 90, 0.99)],
)  # fmt: skip
def test_the_measure_agrees_with_its_tables(square, freedom, p):
    assert chi_square_p(square, freedom) == pytest.approx(p, rel=0.01)


def test_places_pairs_and_tickets_come_out_even():
    """4,000 fixed seeds; the bench does a hundred thousand. Bounds: each p between 0.0001 and 0.9999."""
    told = flatness(4000, lines=12, start="even")
    assert told.is_flat, told


def bent(seed: str, rows: list[Row]) -> list[int]:
    """A draw that lets the first line of the list win once in sixteen times too often."""
    order = order_of(seed, rows)
    return [0, *[one for one in order if one]] if seed[0] == "0" else order


def test_a_bent_order_is_found():
    assert not flatness(4000, lines=12, start="even", ordered=bent).is_flat
