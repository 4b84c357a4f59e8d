"""What about a session changed that people who come must know. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

# In the order in which they are told.
TOLD = ("starts_at", "ends_at", "place", "address", "cost", "bring", "contact", "stops")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different now."""

    name: str
    before: str
    after: str


def changes(before: dict[str, str], after: dict[str, str]) -> Iterator[Change]:
    """Yield what people must know, in the order in which it is told."""
    for name in TOLD:
        was, now = before.get(name, ""), after.get(name, "")
        if was != now:
            yield Change(name, was, now)
