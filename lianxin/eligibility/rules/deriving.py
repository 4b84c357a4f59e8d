"""Facts nobody tells, since they follow from others: pure functions of what is known and the day.

What they rest on being unknown, they are unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lianxin.eligibility.rules.checking import Kind, Known


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands on the union's roll; nobody on it stands nowhere."""

    is_member: bool | None
    region: str | None  # the code of her union, below the codes of those above it


def is_member(standing: Standing) -> bool | None:
    """Whether her membership is in force (会籍有效), from the roll."""
    return standing.is_member


def region(standing: Standing) -> str | None:
    """The code of her union, from the roll."""
    return standing.region


DERIVED: Mapping[str, Callable[[Standing], Any]] = {"is_member": is_member, "region": region}


def accepted(value: Any, known: Known) -> Any:
    """Return a value if it can be the fact, else None: a strange code or number is unknown."""
    match known.kind:
        case Kind.BOOLEAN:
            fits = isinstance(value, bool)
        case Kind.WHOLE | Kind.MONEY:
            is_whole = isinstance(value, int) and not isinstance(value, bool)
            fits = is_whole and known.minimum <= value <= known.maximum
        case Kind.REAL:
            fits = isinstance(value, float) and known.minimum <= value <= known.maximum
        case Kind.DATE:
            fits = isinstance(value, dt.date) and not isinstance(value, dt.datetime)
        case Kind.CHOICE:
            fits = value in known.choices
        case _:
            fits = isinstance(value, str)
    return value if fits else None
