"""What a slot is: a place on a shared page, or in a shared duty, that higher apps fill.

The shell cannot know which apps exist above it. It declares a slot (`nav = Slot[NavItem]("nav")`)
and asks for its contributions; an app contributes in its `slots.py`. All slots are listed in
`docs/reference/slots.md`, and a test keeps that list true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from django.http import HttpRequest

T = TypeVar("T")
SLOTS: dict[str, Slot[object]] = {}


class Slot(Generic[T]):
    """An ordered list of contributions; `key` makes a second registration replace the first."""

    def __init__(self, name: str, *, purpose: str) -> None:
        self.name = name
        self.purpose = purpose
        self._filled: dict[str, tuple[int, T]] = {}
        SLOTS[name] = self  # type: ignore[assignment]  # the registry only lists, it never reads values

    def fill(self, key: str, value: T, *, order: int = 100) -> None:
        self._filled[key] = (order, value)

    def get(self, key: str) -> T | None:
        found = self._filled.get(key)
        return found[1] if found else None

    def keys(self) -> list[str]:
        """Return the keys that were filled."""
        return sorted(self._filled)

    def __iter__(self) -> Iterator[T]:
        return iter(self.values())

    def values(self) -> list[T]:
        """Return the contributions, lowest order first, then by key."""
        ranked = sorted(self._filled.items(), key=lambda item: (item[1][0], item[0]))
        return [value for _, (_, value) in ranked]

    def items(self) -> list[tuple[str, T]]:
        ranked = sorted(self._filled.items(), key=lambda item: (item[1][0], item[0]))
        return [(key, value) for key, (_, value) in ranked]


def once(request: HttpRequest, name: str, look: Callable[[], T]) -> T:
    """Return what several contributions to one page ask for, looked up once and kept with the request."""
    held = vars(request)
    if name not in held:
        held[name] = look()
    found: T = held[name]
    return found
