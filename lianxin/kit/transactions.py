"""One way to write: a transaction whose last act, before it commits, is its audit and its events.

The audit chain and the outbox lock shared rows. Written in the middle of a service they would be
held while other rows are still being fetched, and two services could wait for one another for
ever. So both are queued with `before_commit` and run when the outermost `atomic` block ends.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from django.db import connection, transaction

# A batch of rows touches pages all over a dozen indexes. With the small cache of a web worker each
# is fetched again and again, and copied into the database after every commit.
_CACHE = -256 * 1024  # KiB
_CHECKPOINT = 64 * 1024  # pages: 256 MB

T = TypeVar("T")
Gather = Callable[[list[Any]], None]


@dataclass(slots=True)
class _Act:
    """A last act; those of one `gather` run as one, with all their things."""

    gather: Gather
    thing: Any


class _Unit(threading.local):
    depth = 0
    last_acts: list[_Act]

    def __init__(self) -> None:
        self.last_acts = []


class _Probe:
    """Where tests hang a fault injector: asked right before and right after a real commit."""

    ask: Callable[[str], None] | None = None


_unit = _Unit()
probe = _Probe()


@contextmanager
def atomic() -> Iterator[None]:
    """Run the block in a transaction; nested blocks join the outermost."""
    outermost = _unit.depth == 0
    mark = len(_unit.last_acts)
    try:
        with transaction.atomic():
            if outermost and probe.ask:
                transaction.on_commit(partial(probe.ask, "committed"))
            # Back to depth 0 before the commit: what `after_commit` runs is a unit of its own.
            with _deeper():
                yield
                if outermost:
                    _run_last_acts()
            if outermost and probe.ask:
                probe.ask("committing")
    except BaseException:
        # What a failed inner block queued dies with it, even if the outer block goes on.
        del _unit.last_acts[mark:]
        raise


@contextmanager
def _deeper() -> Iterator[None]:
    _unit.depth += 1
    try:
        yield
    finally:
        _unit.depth -= 1


def _run_last_acts() -> None:
    while _unit.last_acts:
        acts, _unit.last_acts[:] = list(_unit.last_acts), []
        gathered: dict[Gather, list[Any]] = {}
        for act in acts:
            gathered.setdefault(act.gather, []).append(act.thing)
        for gather, things in gathered.items():
            gather(things)


def before_commit(act: Callable[[], None]) -> None:
    """Queue an act for the end of the running `atomic` block.

    Raises:
        RuntimeError: there is no running `atomic` block.
    """
    before_commit_together(_each, act)


def before_commit_together(gather: Callable[[list[T]], None], thing: T) -> None:
    """Queue a thing for the end of the running block, where `gather` gets all of its kind at once.

    Raises:
        RuntimeError: there is no running `atomic` block.
    """
    if _unit.depth == 0:
        raise RuntimeError("before_commit needs a surrounding kit.transactions.atomic()")
    _unit.last_acts.append(_Act(gather, thing))


def _each(acts: list[Callable[[], None]]) -> None:
    for act in acts:
        act()


def is_open() -> bool:
    """Say whether this thread is inside an `atomic` block, so that nothing it writes is durable yet."""
    return _unit.depth > 0


def after_commit(act: Callable[[], object]) -> None:
    """Run an act once the transaction is safely stored; never if it rolls back.

    What fails in it is logged: what was stored stays stored, and whoever stored it hears so.
    """

    def told() -> None:  # a function by name: Django's log asks for one, and a partial has none
        act()

    transaction.on_commit(told, robust=True)


@contextmanager
def room_for_bulk() -> Iterator[None]:
    """Let this connection keep more in memory inside the block; PostgreSQL has it already."""
    if connection.vendor != "sqlite":
        yield
        return
    before = {name: _pragma(name) for name in ("cache_size", "wal_autocheckpoint")}
    _pragma("cache_size", _CACHE)
    _pragma("wal_autocheckpoint", _CHECKPOINT)
    try:
        yield
    finally:
        for name, value in before.items():
            _pragma(name, value)


def _pragma(name: str, value: int | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}" if value is None else f"PRAGMA {name} = {value:d}")
        row = cursor.fetchone()
    return int(row[0]) if row else 0
