"""What several parts of one page ask for, looked up once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest

T = TypeVar("T")


def once(request: HttpRequest, name: str, look: Callable[[], T]) -> T:
    """Return what `look` finds, kept with the request under a name for whoever asks next."""
    held = vars(request)
    if name not in held:
        held[name] = look()
    found: T = held[name]
    return found
