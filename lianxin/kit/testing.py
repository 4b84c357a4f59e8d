"""A clock that tests can stop and move; children that do not outlive them."""

from __future__ import annotations

import ctypes
import datetime as dt
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from unittest import mock

from django.utils import timezone

_PR_SET_PDEATHSIG = 1


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


def end_with_parent() -> None:
    """Let the kernel end this process when its parent is gone: no killed test leaves one behind."""
    with suppress(AttributeError, OSError):  # no Linux
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
