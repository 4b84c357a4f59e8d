"""The counter before a pool: whoever comes while one transaction runs goes into the next one together.

A rush is many people asking for the same row. One at a time, each pays for a transaction of his
own and for the wait on the lock. Here the first to come leads: she takes everybody who stands in
line in this process into one transaction, and answers them when it is durable. Who comes
meanwhile forms the next line, led by its first. No thread of its own, no queue elsewhere, nothing
kept in memory that was promised to anybody: a process killed here has answered nobody wrongly, and
asking again with the same key finds what was written. Several processes take turns by the lock of
the pool's row.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")
MOST = 256  # in one transaction


class _Waiting(Generic[Ask, Answer]):
    """One who stands in line."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.called = threading.Event()
        self.leads = False
        self.answer: Answer | None = None
        self.error: BaseException | None = None


class Counter(Generic[Ask, Answer]):
    """Gathers asks of many threads and has `serve` answer them a line at a time, in their order."""

    def __init__(self, serve: Callable[[Sequence[Ask]], Sequence[Answer]]) -> None:
        self._serve = serve
        self._lock = threading.Lock()
        self._line: list[_Waiting[Ask, Answer]] = []
        self._is_busy = False

    def ask(self, ask: Ask) -> Answer:
        """Return the answer once it is durable; raises whatever `serve` raised for the whole line."""
        own: _Waiting[Ask, Answer] = _Waiting(ask)
        with self._lock:
            self._line.append(own)
            own.leads = not self._is_busy
            self._is_busy = True
        if not own.leads:
            own.called.wait()
        if own.leads:
            self._lead()
        if own.error is not None:
            raise own.error
        return own.answer  # type: ignore[return-value]  # answered, or the error was raised

    def _lead(self) -> None:
        with self._lock:
            served, self._line = self._line[:MOST], self._line[MOST:]
        try:
            answers = self._serve([one.ask for one in served])
            for one, answer in zip(served, answers, strict=True):
                one.answer = answer
        except BaseException as error:  # noqa: BLE001  (each in line is told, the leader raises it)
            for one in served:
                one.error = error
        finally:
            self._call_next()
            for one in served:
                one.called.set()

    def _call_next(self) -> None:
        with self._lock:
            if self._line:
                self._line[0].leads = True
                self._line[0].called.set()
            else:
                self._is_busy = False
