"""Plain text with a simple structure: paragraphs, lists, headings. Nothing in it is ever markup. Pure.

Whoever writes on a phone writes plain lines. A line that begins with "- " or "· " belongs to a
list, one with "1. " or "1、" to a numbered one, one with "# " is a heading. The template prints
each line escaped, so nothing typed can run or restyle a page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_BULLET = re.compile(r"[-·•*]\s+(?P<rest>\S.*)")
_NUMBER = re.compile(r"\d{1,2}(?:[.)]\s+|、\s*)(?P<rest>\S.*)")
_HEADING = re.compile(r"#{1,3}\s+(?P<rest>\S.*)")


class Shape(StrEnum):
    """How a block is drawn."""

    PARAGRAPH = "paragraph"
    BULLETS = "bullets"
    NUMBERS = "numbers"
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together."""

    shape: Shape
    lines: tuple[str, ...]


def blocks_of(text: str) -> list[Block]:
    """Read a text as blocks; every line that is not blank comes out once, in its order."""
    found: list[tuple[Shape, list[str]]] = []
    is_after_gap = True
    for line in (raw.strip() for raw in text.splitlines()):
        if not line:
            is_after_gap = True
            continue
        shape, rest = _read(line)
        goes_on = bool(found) and found[-1][0] is shape and shape is not Shape.HEADING
        if goes_on and not (shape is Shape.PARAGRAPH and is_after_gap):
            found[-1][1].append(rest)
        else:
            found.append((shape, [rest]))
        is_after_gap = False
    return [Block(shape, tuple(lines)) for shape, lines in found]


def first_line(text: str, longest: int = 120) -> str:
    """Return the beginning of the first paragraph, for lists and search engines."""
    line = next((one.lines[0] for one in blocks_of(text) if one.shape is Shape.PARAGRAPH), "")
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _read(line: str) -> tuple[Shape, str]:
    for shape, form in (
        (Shape.HEADING, _HEADING),
        (Shape.BULLETS, _BULLET),
        (Shape.NUMBERS, _NUMBER),
    ):
        if found := form.fullmatch(line):
            return shape, found["rest"].strip()
    return Shape.PARAGRAPH, line
