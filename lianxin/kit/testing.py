"""A clock that tests can stop and move."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.utils import timezone


class StoppedClock:
    """The hands of a stopped clock."""

    def __init__(self, at: dt.datetime) -> None:
        self.at = at

    def move(self, **ahead: float) -> None:
        """Move ahead by a `timedelta`: `clock.move(days=3)`."""
        self.at += dt.timedelta(**ahead)

    def read(self) -> dt.datetime:
        return self.at

    def set(self, at: dt.datetime) -> None:
        self.at = at


@contextmanager
def stopped_clock(at: dt.datetime) -> Iterator[StoppedClock]:
    """Stop the wall clock at an aware moment for everything in this process."""
    hands = StoppedClock(at)
    with mock.patch.object(timezone, "now", hands.read):
        yield hands
