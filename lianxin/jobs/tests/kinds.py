"""Events, handlers and jobs the tests of this app play with."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lianxin.jobs.api import job
from lianxin.kit import events


@dataclass(frozen=True, kw_only=True, slots=True)
class LampLit(events.Event):
    lamp_id: uuid.UUID
    colour: str = "red"


SEEN: list[str] = []
FAULTY: set[str] = set()


class LampError(Exception):
    """A lamp that will not."""


def first_handler(event: LampLit) -> None:
    _see("first", event)


def second_handler(event: LampLit) -> None:
    _see("second", event)


def _see(who: str, event: LampLit) -> None:
    SEEN.append(f"{who} {event.colour}")
    if who in FAULTY:
        raise LampError("13800000000 must never be kept")


@contextmanager
def listening() -> Iterator[list[str]]:
    """Both handlers hear of lamps inside the block."""
    SEEN.clear()
    FAULTY.clear()
    events.subscribe(LampLit, first_handler)
    events.subscribe(LampLit, second_handler)
    try:
        yield SEEN
    finally:
        events._handlers.pop(LampLit.name())  # noqa: SLF001  (no app ever stops listening)


@job("test.light")
def light_job(colour: str = "red") -> None:
    SEEN.append(colour)
    if colour in FAULTY:
        raise LampError("13800000000 must never be kept")


@job("test.light_long", queue="long")
def light_long_job(colour: str = "red") -> None:
    SEEN.append(f"long {colour}")
