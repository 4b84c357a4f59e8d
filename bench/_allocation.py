"""One database's part of bench.allocation; see there."""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bench import _rush
from bench._rush import Person, Web

PROCESSES, THREADS = 2, 128  # at the engine's door
RATE, RATE_SECONDS = 1000, 15  # asks a second when all are gone
ROUNDS = 3
AT_ONCE = 64  # people who ask
# What is claimed: CPU-ms a claim, milliseconds of an answer, claims a second, how many times pretix.
MOST_CPU, MOST_WAIT, LEAST_DOOR = 8.3, 50, 2000
TIMES = {"api": 25, "checkout": 100}
# One thread for the whole run: a server that is started again ends with the thread that started it.
_striker = ThreadPoolExecutor(max_workers=1)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=["sqlite", "postgresql"])
    parser.add_argument("--claims", type=int, required=True)
    parser.add_argument("--trials", required=True)
    parser.add_argument("--kills", type=int, required=True)
    parser.add_argument("--parts", required=True)
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    with _base(given.name) as base:
        _prepare(is_quick=given.quick)
        parts = {"cost": cost, "soldout": soldout, "door": door, "trials": trials}
        # Each tells how many of its trials were at fault; what is slow is marked and fails nothing.
        faults = sum(parts[part](given, base) for part in given.parts.split(","))
    if faults:
        sys.exit(f"{given.name}: {faults} faults in the trials")


def _prepare(*, is_quick: bool) -> None:
    """Make the tables, by their migrations or at once, and the files a page is drawn with."""
    import django

    django.setup()
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    from lianxin.audit.testing import seed_heads

    if is_quick:
        settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    call_command("migrate", run_syncdb=is_quick, verbosity=0)
    seed_heads()
    call_command("collectstatic", interactive=False, verbosity=0)


def _marked(*, is_met: bool) -> str:
    return "" if is_met else "  OVER"


@contextmanager
def _base(name: str) -> Iterator[Any]:
    from tools import pg

    if name == "sqlite":
        yield None
        return
    with pg.server(is_durable=True, settings=("max_connections=200",)) as server:
        os.environ |= server.env
        yield server


def _pids(web: Web, base: Any) -> list[int]:
    return web.pids + ([base.process.pid] if base is not None else [])


def _pool(capacity: int, **terms: Any) -> Any:
    from lianxin.allocation.testing import pool_make

    return pool_make(_rush.union(), capacity, **terms)


def cost(given: argparse.Namespace, base: Any) -> int:
    """CPU of a claim over HTTP and claims a second, beside pretix where its scripts are."""
    crowd = _rush.people(given.claims)
    ours: dict[str, list[float]] = {"claim": [], "ticket": [], "rate": []}
    theirs: dict[str, list[float]] = {"api": [], "checkout": []}
    with _pretix() as ask, Web() as web:
        for _ in range(ROUNDS):
            for name, figure in zip(ours, _one_cost(crowd, web, base), strict=True):
                ours[name].append(figure)
            for mode, prices in theirs.items():
                if (told := ask(mode)) is not None:
                    prices.append(told)
    path = statistics.median(ours["claim"]) + statistics.median(ours["ticket"])
    print(f"  {given.name}: a claim {statistics.median(ours['claim']):.2f} CPU-ms, its signed ticket {statistics.median(ours['ticket']):.2f}, together {path:.2f} (limit {MOST_CPU}){_marked(is_met=path <= MOST_CPU)}")  # fmt: skip
    print(f"  {given.name}: {statistics.median(ours['rate']):.0f} durable claims/s over HTTP ({web.workers} processes × {web.threads} threads, 64 phones on the same machine)")  # fmt: skip
    for mode, prices in theirs.items():
        if prices:
            price = statistics.median(prices)
            print(f"  pretix {mode}: {price:.0f} CPU-ms an order, {price / path:.0f} times ours (limit {TIMES[mode]}){_marked(is_met=price >= path * TIMES[mode])}")  # fmt: skip
    return 0


def _one_cost(crowd: list[Person], web: Web, base: Any) -> tuple[float, float, float]:
    """CPU-ms of a claim and of its ticket, and claims a second while everybody asked."""
    pool = _pool(len(crowd))
    sent = _rush.requests_of(pool, crowd, web.port)
    before = _rush.cpu_seconds(_pids(web, base))
    begun = time.monotonic()
    answers = asyncio.run(_rush.rush(sent, web.port))
    seconds = time.monotonic() - begun
    _jobs_done()
    spent = _rush.cpu_seconds(_pids(web, base)) - before
    assert not _rush.faults_of(pool.pk, answers, asked=len(crowd))
    return spent / len(crowd) * 1000, _ticket_cost(pool), len(crowd) / seconds


def _ticket_cost(pool: Any) -> float:
    """Sign tickets here, as the page does: what a claim needs besides being taken."""
    from lianxin.allocation.models import Claim
    from lianxin.allocation.services import ticket_of

    claims = list(Claim.objects.filter(pool=pool).select_related("account", "pool")[:500])
    begun = time.process_time()
    for claim in claims:
        ticket_of(claim)
    return (time.process_time() - begun) / len(claims) * 1000


def _jobs_done() -> None:
    """Wait until the job worker has told everybody: its work belongs to the price."""
    from lianxin.jobs.api import queue_count

    until = time.monotonic() + 120
    while time.monotonic() < until and (left := queue_count()).waiting + left.running:
        time.sleep(0.5)


def soldout(given: argparse.Namespace, base: Any) -> int:
    """A thousand asks a second on a pool that is full."""
    crowd = _rush.people(2000)
    with Web() as web:
        pool = _pool(10, waitlist=0)
        asyncio.run(_rush.rush(_rush.requests_of(pool, crowd[:10], web.port), web.port))
        sent = _rush.requests_of(pool, crowd[10:], web.port)
        before = _rush.cpu_seconds(_pids(web, base))
        seconds = asyncio.run(_by_the_clock([request for _person, request in sent], web.port))
        spent = _rush.cpu_seconds(_pids(web, base)) - before
    seconds.sort()
    p50, p99 = (seconds[int(len(seconds) * part)] * 1000 for part in (0.5, 0.99))
    print(f"  {given.name}: sold out, {RATE} asks/s for {RATE_SECONDS} s: p50 {p50:.1f} ms, p99 {p99:.1f} ms (limit {MOST_WAIT}){_marked(is_met=p99 <= MOST_WAIT)}, {spent / len(seconds) * 1000:.2f} CPU-ms each")  # fmt: skip
    return 0


async def _by_the_clock(requests: list[bytes], port: int) -> list[float]:
    """Ask at fixed moments; what takes long is counted from when it should have been asked."""
    waiting: asyncio.Queue[float | None] = asyncio.Queue()
    seconds: list[float] = []

    async def phone(serial: int) -> None:
        pipe = _rush.Pipe(port)
        while (due := await waiting.get()) is not None:
            serial += 1
            status, _body = await pipe.ask(requests[serial * 131 % len(requests)])
            assert status == 409, status
            seconds.append(time.monotonic() - due)

    phones = [asyncio.create_task(phone(serial)) for serial in range(128)]
    begun = time.monotonic()
    for number in range(RATE * RATE_SECONDS):
        due = begun + number / RATE
        if (ahead := due - time.monotonic()) > 0:
            await asyncio.sleep(ahead)
        waiting.put_nowait(due)
    for _ in phones:
        waiting.put_nowait(None)
    await asyncio.gather(*phones)
    return seconds


def door(given: argparse.Namespace, base: Any) -> int:
    """Durable claims a second at the engine's own door, several processes, many threads."""
    from django.db import connections

    crowd = [one.account_id for one in _rush.people(given.claims * 3)]
    pool = _pool(len(crowd))
    connections.close_all()
    told: multiprocessing.Queue[float] = multiprocessing.Queue()
    threads = THREADS
    writers = [
        multiprocessing.Process(
            target=_writer, args=(pool.pk, crowd[part::PROCESSES], threads, told)
        )
        for part in range(PROCESSES)
    ]
    pids = [base.process.pid] if base is not None else []
    before, begun = _rush.cpu_seconds(pids) if pids else 0.0, time.monotonic()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    seconds = time.monotonic() - begun
    spent = sum(told.get() for _ in writers)
    below = _rush.cpu_seconds(pids) - before if pids else 0.0
    faults = _rush.faults_of(pool.pk, [], asked=len(crowd))
    assert all("were not told" in fault for fault in faults), faults
    rate = len(crowd) / seconds
    print(f"  {given.name}: {rate:.0f} durable claims/s at the engine's door ({PROCESSES} processes × {threads} threads; at least {LEAST_DOOR}){_marked(is_met=rate >= LEAST_DOOR)}, {spent / len(crowd) * 1000:.2f} CPU-ms ours + {below / len(crowd) * 1000:.2f} database")  # fmt: skip
    return 0


def _writer(pool_id: uuid.UUID, ids: list[uuid.UUID], threads: int, told: Any) -> None:
    from django.db import connections

    from lianxin.allocation.models import Pool
    from lianxin.allocation.services import claim_take
    from lianxin.allocation.testing import ask_of

    pool, line, turn = Pool.objects.get(pk=pool_id), iter(ids), threading.Lock()

    def one() -> None:
        while True:
            with turn:
                account_id = next(line, None)
            if account_id is None:
                break
            assert claim_take(ask_of(pool, account_id)).is_new
        connections.close_all()

    crew = [threading.Thread(target=one) for _ in range(threads)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    used = resource.getrusage(resource.RUSAGE_SELF)
    told.put(used.ru_utime + used.ru_stime)


def trials(given: argparse.Namespace, base: Any) -> int:
    """Many people on few places, again and again, some with a kill; return how many faults there were."""
    every = 0
    for plan in given.trials.split(","):
        found = re.fullmatch(r"(\d+)x(\d+)/(\d+)", plan)
        assert found, plan
        count, asked, places = (int(one) for one in found.groups())
        crowd = _rush.people(asked)
        kills: Counter[str] = Counter()
        faults = 0
        begun = time.monotonic()
        with Web() as web:
            for number in range(count):
                waitlist = 0 if number % 2 else places // 5
                strike = _strike(web, base) if number < given.kills else None
                wrong = _trial(web, crowd, places, waitlist, strike)
                faults += len(wrong)
                if strike:
                    kills[strike.whom] += not strike.fault
                for fault in wrong:
                    print(f"    trial {number}: {fault}")
        seconds = time.monotonic() - begun
        killed = ", ".join(f"{number} × {whom}" for whom, number in kills.items()) or "nothing"
        print(f"  {given.name}: {count} trials of {asked} on {places} over HTTP, {AT_ONCE} at once: {faults} faults; killed: {killed}; {count * asked / seconds:.0f} answers/s", flush=True)  # fmt: skip
        every += faults
    return every


@dataclass(slots=True)
class Strike:
    """A kill in the middle of a trial: whose, how, and what became of it."""

    whom: str
    kill: Callable[[], bool]
    done: Future[bool] | None = None

    @property
    def fault(self) -> str:
        """Say why nobody was killed; "" where somebody was. Waits until it is over."""
        if self.done is None:
            return f"{self.whom} was to be killed, and the trial was over before"
        try:
            return (
                "" if self.done.result(timeout=180) else f"{self.whom} was not found to be killed"
            )
        except Exception as error:  # noqa: BLE001  (whatever it was, nobody may count it as a kill)
            return f"{self.whom} was not killed: {error!r}"


def _strike(web: Web, base: Any) -> Strike:
    if base is not None and web.chance.random() < 0.5:
        return Strike("the database", _struck(base))
    return Strike("a web worker", web.kill_a_worker)


def _trial(web: Web, crowd: list[Person], places: int, waitlist: int, strike: Strike | None) -> list[str]:  # fmt: skip
    pool = _pool(places, waitlist=waitlist)
    web.chance.shuffle(crowd)
    sent = _rush.requests_of(pool, crowd, web.port)
    moment = web.chance.randrange(1, max(places, 2)) if strike else -1

    def told(number: int) -> None:
        if strike and number == moment:
            strike.done = _striker.submit(strike.kill)

    answers = asyncio.run(_rush.rush(sent, web.port, at_once=AT_ONCE, told=told))
    from django.db import connections

    missed = [strike.fault] if strike and strike.fault else []
    connections.close_all()
    return missed + _rush.faults_of(pool.pk, answers, asked=len(crowd))


def _struck(base: Any) -> Callable[[], bool]:
    def kill() -> bool:
        base.kill()
        base.start()
        return True

    return kill


@contextmanager
def _pretix() -> Iterator[Callable[[str], float | None]]:
    """Start pretix by its scripts; the block asks it for the CPU-ms of an order in a mode."""
    folder = os.environ.get("BENCH_PRETIX")
    if not folder:
        yield lambda _mode: None
        return
    script = f"{folder}/pretix_bench.sh"
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("LIANXIN_", "DJANGO_"))}  # fmt: skip

    def run(verb: str, **more: str) -> str:
        # Into a file: what it leaves running would hold a pipe open for ever.
        with tempfile.TemporaryFile("w+") as said:
            subprocess.run(["bash", script, verb], env=clean | more, stdout=said, stderr=said, check=True)  # fmt: skip
            said.seek(0)
            return said.read()

    def ask(mode: str) -> float | None:
        sizes = {"api": {"N": "400", "QUOTA": "400"}, "checkout": {"N": "120", "QUOTA": "120"}}[
            mode
        ]
        found = re.search(r"CPU-ms/order=(\d+)", run(mode, **sizes))
        return float(found[1]) if found else None

    run("install")
    run("up")
    try:
        yield ask
    finally:
        run("down")


if __name__ == "__main__":
    main()
