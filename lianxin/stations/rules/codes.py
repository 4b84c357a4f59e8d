"""Codes of stations: letters, digits and dashes, at least one digit, short enough for a door sign. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

# One path segment, never a word the addresses use themselves ("in", "open-now").
_CODE = re.compile(r"(?=[A-Za-z0-9-]*[0-9])[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?")


def code_is_valid(code: str) -> bool:
    return _CODE.fullmatch(code) is not None


def next_code(prefix: str, taken: Iterable[str]) -> str:
    """Return the code after the highest of a district: 990101-0042."""
    numbers = [
        int(tail)
        for code in taken
        if (tail := code.removeprefix(f"{prefix}-")) != code and tail.isascii() and tail.isdecimal()
    ]
    return f"{prefix}-{max(numbers, default=0) + 1:04d}"
