"""A deed is done by a child that is killed again and again; after each kill somebody looks at what is left.

Killed is, by choice: the child at each commit point in turn (`points`), the child at a random moment
(`child`), a backend of PostgreSQL at a random moment (`backend`: the server throws everybody out and
recovers), or the whole server (`server`: it is started again). Nothing acknowledged may be lost,
nothing may be done twice, and what is looked at must hold after every single kill.
"""

from __future__ import annotations

import os
import random
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import psycopg
from django.db import OperationalError, connection, connections

from lianxin.jobs.testing import crash_at
from lianxin.kit.testing import end_with_parent
from tools import pg

Say = Callable[[str], None]
# How a child ends that was thrown out by its database, as a worker would be.
_THROWN_OUT = 3


class Deed(Protocol):
    """Something that must survive the death of who does it."""

    name: str

    def prepare(self) -> None:
        """Make what a round needs."""

    def act(self, say: Say) -> None:
        """Do it to its end, from wherever it stands; say what is acknowledged."""

    def is_done(self) -> bool:
        """Say whether this round has come to its end."""

    def faults(self, said: list[str]) -> Iterator[str]:
        """Name what is wrong at this moment; `said` is all that was acknowledged in this round."""

    def faults_at_end(self) -> Iterator[str]:
        """Name what is wrong when a round has ended."""


@dataclass
class Told:
    """What became of many kills."""

    kills: int = 0
    rounds: int = 0
    acknowledged: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass
class Killer:
    """Kills the doers of a deed until enough have died, and every round is at its end."""

    deed: Deed
    how: str
    folder: Path
    server: pg.Server | None = None
    told: Told = field(default_factory=Told)
    full: float = 0.2  # seconds a round takes when nobody is killed; learnt

    def run(self, kills: int) -> Told:
        """Go round after round; with `points`, at least one whole round."""
        while self.told.kills < kills and not self.told.faults:
            self.deed.prepare()
            self._round()
            self.told.rounds += 1
        return self.told

    def _round(self) -> None:
        said: list[str] = []
        number = 0
        while not self.deed.is_done() and not self.told.faults:
            number += 1
            if number > 400:
                self.told.faults.append(f"{self.deed.name}: does not come to its end")
            self._once(number, said)
            self._wait_for_database()
            self.told.faults += self.deed.faults(said)
        self.told.faults += [] if self.told.faults else self.deed.faults_at_end()
        self.told.acknowledged += len(said)

    def _once(self, number: int, said: list[str]) -> None:
        connections.close_all()
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            self._child(number if self.how == "points" else 0, writing)
        os.close(writing)
        began = time.monotonic()
        if self.how != "points" and self.told.rounds:
            self._wait(pid, random.uniform(0, self.full))  # noqa: S311
            self._strike(pid)
        _pid, status = os.waitpid(pid, 0)
        with os.fdopen(reading, encoding="utf-8") as words:
            said += words.read().split()
        if os.WIFSIGNALED(status) or (
            os.WEXITSTATUS(status) == _THROWN_OUT and self.how in {"backend", "server"}
        ):
            self.told.kills += 1
        elif status:
            self.told.faults.append(f"{self.deed.name}: {self._last_words()}")
        elif not self.told.rounds:
            self.full = time.monotonic() - began

    def _child(self, point: int, out: int) -> None:
        def say(word: str) -> None:
            os.write(out, f"{word}\n".encode())

        code = 1
        end_with_parent()
        try:
            if point:
                with crash_at(point, kill=True):
                    self.deed.act(say)
            else:
                self.deed.act(say)
            code = 0
        # Closing a cursor of a server that is gone, Django lets the driver's own error through.
        except (OperationalError, psycopg.OperationalError):
            code = _THROWN_OUT
        finally:
            (self.folder / "last-words").write_text(traceback.format_exc(), encoding="utf-8")
            os._exit(code)

    def _wait(self, pid: int, seconds: float) -> None:
        """Wait as long as the child lives."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and os.waitid(os.P_PID, pid, _LOOK) is None:
            time.sleep(0.002)

    def _strike(self, pid: int) -> None:
        if self.how == "child" or os.waitid(os.P_PID, pid, _LOOK) is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            return
        if self.server is None:
            raise RuntimeError("there is no server to kill")
        if self.how == "server":
            self.server.kill()
            self.server.start()
        else:
            for backend in self._backends():
                os.kill(backend, signal.SIGKILL)
        # Who does not notice that its database is gone, is gone as well.
        self._wait(pid, 5)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def _backends(self) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
                " AND pid <> pg_backend_pid()"
            )
            return [pid for (pid,) in cursor.fetchall()]

    def _wait_for_database(self) -> None:
        """A server that recovers lets nobody in for a moment."""
        until = time.monotonic() + 120
        while True:
            connections.close_all()
            with suppress(OperationalError):
                connection.ensure_connection()
                return
            if time.monotonic() > until:
                raise TimeoutError("the database does not come back")
            time.sleep(0.05)

    def _last_words(self) -> str:
        return (self.folder / "last-words").read_text(encoding="utf-8")[-1500:]


_LOOK = os.WEXITED | os.WNOHANG | os.WNOWAIT


def many(
    deeds: Iterable[Deed], *, kills: int, how: str, folder: Path, server: pg.Server | None = None
) -> dict[str, dict[str, object]]:
    """Kill the doers of several deeds; return what became of each."""
    found = {}
    for deed in deeds:
        began = time.monotonic()
        told = Killer(deed, how, folder, server).run(kills)
        found[deed.name] = vars(told) | {"seconds": round(time.monotonic() - began, 1)}
    return found
