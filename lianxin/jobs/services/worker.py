"""The worker: a quick lane, a long lane, and a pulse, each in its own thread, watched over.

One process is enough for one machine, more may run beside it. Whatever happens to the database
(locked, gone for a moment), a lane waits and goes on. A worker that is killed leaves leases behind;
they lapse when no pulse prolongs them, and the next worker takes the work up.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from lianxin.jobs import conf
from lianxin.jobs.rules import Lane
from lianxin.jobs.services import outbox, queue, upkeep
from lianxin.kit import clock
from lianxin.kit.ids import new_id

log = logging.getLogger(__name__)
_AFTER_TROUBLE = 2.0


class Worker:
    """Runs what is due until it is told to stop."""

    def __init__(self, lanes: tuple[Lane, ...] = (Lane.QUICK, Lane.LONG)) -> None:
        self.name = f"{socket.gethostname()[:40]}-{os.getpid()}-{new_id().hex[-6:]}"
        self._stop = threading.Event()
        self._held: dict[Lane, object] = {}
        self._turns: dict[str, Callable[[], bool]] = {"pulse": self._pulse}
        for lane in lanes:
            self._turns[lane.value] = self._turn_of(lane)
        self._threads: dict[str, threading.Thread] = {}

    def stop(self) -> None:
        """Take no more work; what runs may finish."""
        self._stop.set()

    def run(self, *, grace: float) -> bool:
        """Work until `stop`; then give what runs `grace` seconds. Return whether all came to an end."""
        while not self._stop.is_set():
            self._watch()
            self._stop.wait(1.0)
        until = time.monotonic() + grace
        for thread in self._threads.values():
            thread.join(max(0.0, until - time.monotonic()))
        ended = not any(thread.is_alive() for thread in self._threads.values())
        if ended:
            self._say_goodbye()
        return ended

    def _watch(self) -> None:
        for name, turn in self._turns.items():
            thread = self._threads.get(name)
            if thread is None or not thread.is_alive():
                if thread is not None:
                    log.error("lane %s had stopped and is started again", name)
                thread = threading.Thread(
                    target=self._go_round, args=(turn,), name=name, daemon=True
                )
                self._threads[name] = thread
                thread.start()

    def _go_round(self, turn: Callable[[], bool]) -> None:
        try:
            while not self._stop.is_set():
                pause = 0.0 if self._bears(turn) else self._pause_of(turn)
                if pause:
                    self._stop.wait(pause)
        finally:
            connection.close()

    def _bears(self, turn: Callable[[], bool]) -> bool:
        """Do one turn, whatever the database says; return whether there may be more to do."""
        try:
            close_old_connections()
            return turn()
        except (DatabaseError, InterfaceError) as error:
            log.warning("the database is busy or away (%s); trying again", type(error).__name__)
            connection.close()
            self._stop.wait(_AFTER_TROUBLE)
        except Exception as error:  # noqa: BLE001  (the lane must go on)
            log.error("a lane stumbled over %s", type(error).__name__)  # noqa: TRY400  (a message may hold personal data)
            self._stop.wait(_AFTER_TROUBLE)
        return False

    def _pause_of(self, turn: Callable[[], bool]) -> float:
        if turn == self._pulse:
            return min(conf.lease().total_seconds() / 4, 10.0)
        return conf.poll_seconds()

    def _turn_of(self, lane: Lane) -> Callable[[], bool]:
        def turn() -> bool:
            did = lane is Lane.QUICK and self._deliver()
            return self._do_one(lane) or did

        return turn

    def _deliver(self) -> bool:
        delivery = outbox.delivery_claim(now=clock.now())
        if delivery is not None:
            outbox.delivery_run(delivery)
        return delivery is not None

    def _do_one(self, lane: Lane) -> bool:
        row = queue.job_claim(lane=lane, worker=self.name, now=clock.now())
        if row is None:
            return False
        self._held[lane] = row.pk
        try:
            queue.job_run(row)
        finally:
            del self._held[lane]
        return True

    def _pulse(self) -> bool:
        upkeep.pulse_beat(self.name)
        held = list(self._held.values())
        if held:
            queue.leases_extend(held, worker=self.name)
        upkeep.leases_reap()
        upkeep.periodic_tick()
        return False

    def _say_goodbye(self) -> None:
        try:
            upkeep.pulse_end(self.name)
        except DatabaseError as error:
            log.warning("could not sign off (%s)", type(error).__name__)
