"""A rush over HTTP: a real server of several processes, people with sessions, and a phone's patience.

Each person sends one form with a key of its own and sends it again, as a phone does, until there is
an answer; connections that break, servers that are killed and answers that say "later" are bad luck
and no answer. The requests are made before the clock runs, so that little of the machine goes into
asking.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

HZ = os.sysconf("SC_CLK_TCK")
CSRF = "x" * 32
CHUNK = 2_000
PATIENCE = 120  # seconds a person asks


@dataclass(slots=True)
class Person:
    """Somebody signed in."""

    account_id: uuid.UUID
    session: str


@dataclass(slots=True)
class Answer:
    """What somebody was told in the end: a claim's address, or that she gets nothing."""

    person: Person
    claim_id: uuid.UUID | None = None
    state: str = ""
    status: int = 0
    tries: int = 0
    seconds: float = 0.0


def people(count: int) -> list[Person]:
    """Make accounts that are signed in."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session

    from lianxin.accounts.api import User
    from lianxin.accounts.testing import BACKEND
    from lianxin.kit import clock

    until = clock.now().replace(year=clock.now().year + 1)
    made: list[Person] = []
    store = SessionStore()
    for start in range(0, count, CHUNK):
        users = [
            User(display_name=f"职工{number}", phone_index=f"bench:{uuid.uuid4()}", password="!")
            for number in range(start, min(start + CHUNK, count))
        ]
        User.objects.bulk_create(users)
        rows = []
        for user in users:
            held = {
                SESSION_KEY: str(user.pk),
                BACKEND_SESSION_KEY: BACKEND,
                HASH_SESSION_KEY: user.get_session_auth_hash(),
            }
            key = uuid.uuid4().hex
            rows.append(
                Session(session_key=key, session_data=store.encode(held), expire_date=until)
            )
            made.append(Person(user.pk, key))
        Session.objects.bulk_create(rows)
    return made


def union() -> Any:
    """Return the union the pools are of."""
    from lianxin.orgs.api import Level, Organisation
    from lianxin.orgs.testing import organisation_make

    found = Organisation.objects.filter(code="BENCH").first()
    return found or organisation_make("总工会", code="BENCH", level=Level.CITY)


def cpu_seconds(pids: list[int]) -> float:
    """Add up the CPU time of processes and all below them, those that ended included."""
    parents: dict[int, int] = {}
    used: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with suppress(OSError):
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            parents[int(entry.name)] = int(fields[1])
            used[int(entry.name)] = sum(int(one) for one in fields[11:15])
    total = 0
    for pid, ticks in used.items():
        above: int | None = pid
        while above and above not in pids:
            above = parents.get(above)
        total += ticks if above else 0
    return total / HZ


@dataclass
class Web:
    """The server as an operator starts it: web workers and the job worker."""

    workers: int = 2
    threads: int = 8
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    def __enter__(self) -> Web:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(self.port),
             "--workers", str(self.workers), "--threads", str(self.threads)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        self.wait()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait()

    def wait(self) -> None:
        """Wait until it answers."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as probe:
                probe.sendall(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
                if b"200" in probe.recv(64):
                    return
            time.sleep(0.1)
        raise RuntimeError("the server does not answer")

    @property
    def pids(self) -> list[int]:
        return [self.process.pid] if self.process else []

    def kill_a_worker(self) -> bool:
        """Kill one web worker without a word, and say whether it died; its master starts another."""
        until = time.monotonic() + 5
        while time.monotonic() < until:
            workers = [pid for master in _children(self.pids[0]) for pid in _children(master)]
            with suppress(ProcessLookupError):
                if workers:
                    victim = self.chance.choice(workers)
                    os.kill(victim, signal.SIGKILL)
                    return _is_dead(victim, until)
            time.sleep(0.01)
        return False


def _is_dead(pid: int, until: float) -> bool:
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state in "ZX":
            return True
        time.sleep(0.005)
    return False


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(one) for one in task.read_text().split()]
    return found


def request_of(person: Person, pool_id: uuid.UUID, port: int, *, admission: str) -> bytes:
    """Write the form as a browser with script sends it."""
    body = urlencode({"key": uuid.uuid4().hex, "csrfmiddlewaretoken": CSRF}).encode()
    head = (
        f"POST /places/{pool_id}/take/?a={admission} HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{port}\r\nAccept: application/json\r\n"
        f"Cookie: sessionid={person.session}; csrftoken={CSRF}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def requests_of(pool: Any, crowd: list[Person], port: int) -> list[tuple[Person, bytes]]:
    """Write what each of a crowd will send."""
    from lianxin.allocation.selectors.admitting import admission_signed
    from lianxin.allocation.testing import ask_of

    return [
        (
            one,
            request_of(
                one,
                pool.pk,
                port,
                admission=admission_signed(ask_of(pool, one.account_id).admission),
            ),
        )
        for one in crowd
    ]


async def rush(
    sent: list[tuple[Person, bytes]],
    port: int,
    *,
    at_once: int = 64,
    told: Callable[[int], None] | None = None,
) -> list[Answer]:
    """Let everybody ask, so many at once; `told` hears how many have their answer."""
    line = iter(sent)
    answers: list[Answer] = []

    async def phone() -> None:
        pipe = Pipe(port)
        for person, request in line:
            answers.append(await _asked(pipe, person, request))
            if told:
                told(len(answers))
        pipe.close()

    await asyncio.gather(*(phone() for _ in range(at_once)))
    return answers


class Pipe:
    """A connection that is kept, and opened again when it broke."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._reader, self._writer
        assert reader is not None
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        lower = head.lower()
        length = int(lower.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        body = await reader.readexactly(length)
        if b"connection: close" in lower:
            self.close()
        return int(head[9:12]), body

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._writer = None


async def _asked(pipe: Pipe, person: Person, request: bytes) -> Answer:
    begun = time.monotonic()
    answer = Answer(person)
    while time.monotonic() - begun < PATIENCE:
        answer.tries += 1
        try:
            status, body = await asyncio.wait_for(pipe.ask(request), 20)
        except (OSError, EOFError, TimeoutError, ValueError, asyncio.IncompleteReadError):
            pipe.close()
            await asyncio.sleep(0.3)
            continue
        if status >= 500:
            await asyncio.sleep(0.3)
            continue
        said = json.loads(body)
        answer.status, answer.state = status, said.get("state", "")
        if said.get("url"):
            answer.claim_id = uuid.UUID(said["url"].rstrip("/").rpartition("/")[2])
        break
    answer.seconds = time.monotonic() - begun
    return answer


def faults_of(pool_id: uuid.UUID, answers: list[Answer], *, asked: int) -> list[str]:
    """Compare what people were told with what the base holds."""
    from lianxin.allocation.models import Claim, Pool
    from lianxin.allocation.selectors.recounting import recount_of

    pool = Pool.objects.get(pk=pool_id)
    rows = {
        pk: (account_id, state)
        for pk, account_id, state in Claim.objects.filter(pool=pool).values_list(
            "pk", "account_id", "state"
        )
    }
    faults = list(recount_of(pool_id).faults)
    wanted = min(asked, pool.capacity)
    if pool.taken != wanted:
        faults.append(f"{pool.taken} places taken, not {wanted}")
    if len({account for account, _state in rows.values()}) != len(rows):
        faults.append("somebody has two")
    for answer in answers:
        own = rows.get(answer.claim_id) if answer.claim_id else None
        if answer.claim_id and own != (answer.person.account_id, answer.state):
            faults.append(f"told {answer.state}, stands {own}")
        if not answer.status:
            faults.append("somebody got no answer")
    has = {account for account, _state in rows.values()}
    told = {answer.person.account_id for answer in answers if answer.claim_id}
    if has != told:
        faults.append(f"{len(has - told)} have a claim and were not told, {len(told - has)} were told and have none")  # fmt: skip
    return faults
