"""The arithmetic of the pictures: rings, bars, and how well two colours can be told apart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ring:
    """How much of a deadline is left, as a share of a circle in hundredths."""

    share: int
    state: str  # ok, soon, late or wait


def ring_of(left: int | None, total: int | None, state: str = "") -> Ring:
    """Work out the ring of `left` days out of `total`; no clock runs when `left` is None."""
    if left is None:
        return Ring(share=0, state=state or "wait")
    whole = max(total or 0, left, 1)
    share = max(0, min(100, round(100 * left / whole)))
    guessed = "late" if left <= 0 else "soon" if left <= 2 else "ok"
    shown = state or guessed
    # What is due still shows a sliver, so that it reads as a clock and not as an empty plate.
    return Ring(share=max(share, 8) if shown != "wait" else share, state=shown)


def shares(values: list[int]) -> list[int]:
    """Split 1000 among the values in proportion, each non-zero value visible, the sum exact."""
    kept = [max(0, value) for value in values]
    total = sum(kept)
    if total == 0:
        return [0 for _ in kept]
    least = min(12, 1000 // max(1, len(kept)))
    cut = [max(least, value * 1000 // total) if value else 0 for value in kept]
    cut[cut.index(max(cut))] += 1000 - sum(cut)
    return cut


def luminance(colour: str) -> float:
    """The relative luminance of a #rrggbb colour (WCAG 2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two #rrggbb colours (WCAG 2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
