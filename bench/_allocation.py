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
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from bench import _rush
from bench._rush import Person, Web

PROCESSES, THREADS = 2, 128  # at the engine's door
RATE, RATE_SECONDS = 1000, 15  # asks a second when all are gone
ROUNDS = 3
# One thread for the whole run: a server that is started again ends with the thread that started it.
_striker = ThreadPoolExecutor(max_workers=1)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=["sqlite", "postgresql"])
    parser.add_argument("--claims", type=int, required=True)
    parser.add_argument("--trials", required=True)
    parser.add_argument("--kills", type=int, required=True)
    parser.add_argument("--parts", required=True)
    given = parser.parse_args()
    with _base(given.name) as base:
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        parts = {"cost": cost, "soldout": soldout, "door": door, "trials": trials}
        for part in given.parts.split(","):
            parts[part](given, base)


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


def cost(given: argparse.Namespace, base: Any) -> None:
    """CPU of a claim, beside pretix where its scripts are."""
    crowd = _rush.people(given.claims)
    ours: dict[str, list[float]] = {"claim": [], "ticket": []}
    theirs: dict[str, list[float]] = {"api": [], "checkout": []}
    with _pretix() as ask, Web() as web:
        for _ in range(ROUNDS):
            claim, ticket = _one_cost(crowd, web, base)
            ours["claim"].append(claim)
            ours["ticket"].append(ticket)
            for mode, prices in theirs.items():
                if (told := ask(mode)) is not None:
                    prices.append(told)
    path = statistics.median(ours["claim"]) + statistics.median(ours["ticket"])
    print(f"  {given.name}: a claim {statistics.median(ours['claim']):.2f} CPU-ms, its signed ticket {statistics.median(ours['ticket']):.2f}, together {path:.2f} (limit 8.3)")  # fmt: skip
    for mode, prices in theirs.items():
        if prices:
            price = statistics.median(prices)
            print(f"  pretix {mode}: {price:.0f} CPU-ms an order, {price / path:.0f} times ours")


def _one_cost(crowd: list[Person], web: Web, base: Any) -> tuple[float, float]:
    pool = _pool(len(crowd))
    sent = _rush.requests_of(pool, crowd, web.port)
    before = _rush.cpu_seconds(_pids(web, base))
    answers = asyncio.run(_rush.rush(sent, web.port))
    _jobs_done()
    spent = _rush.cpu_seconds(_pids(web, base)) - before
    assert not _rush.faults_of(pool.pk, answers, asked=len(crowd))
    return spent / len(crowd) * 1000, _ticket_cost(pool)


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


def soldout(given: argparse.Namespace, base: Any) -> None:
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
    print(f"  {given.name}: sold out, {RATE} asks/s for {RATE_SECONDS} s: p50 {p50:.1f} ms, p99 {p99:.1f} ms (limit 50), {spent / len(seconds) * 1000:.2f} CPU-ms each")  # fmt: skip


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


def door(given: argparse.Namespace, base: Any) -> None:
    """Durable claims a second at the engine's own door, several processes, many threads."""
    from django.db import connections

    crowd = [one.account_id for one in _rush.people(given.claims * 3)]
    pool = _pool(len(crowd))
    connections.close_all()
    told: multiprocessing.Queue[float] = multiprocessing.Queue()
    threads = THREADS if base is not None else THREADS // 2
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
    print(f"  {given.name}: {len(crowd) / seconds:.0f} durable claims/s at the engine's door ({PROCESSES} processes × {threads} threads; limit 2,000), {spent / len(crowd) * 1000:.2f} CPU-ms ours + {below / len(crowd) * 1000:.2f} database")  # fmt: skip


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


def trials(given: argparse.Namespace, base: Any) -> None:
    """Many people on few places, again and again, some with a kill."""
    for plan in given.trials.split(","):
        found = re.fullmatch(r"(\d+)x(\d+)/(\d+)", plan)
        assert found, plan
        count, asked, places = (int(one) for one in found.groups())
        crowd = _rush.people(asked)
        came: Counter[str] = Counter()
        begun = time.monotonic()
        with Web() as web:
            for number in range(count):
                kills = number < given.kills
                waitlist = 0 if number % 2 else places // 5
                faults, killed = _trial(web, base, crowd, places, waitlist, kills=kills)
                came["faults"] += len(faults)
                came[killed] += 1
                for fault in faults:
                    print(f"    trial {number}: {fault}")
        seconds = time.monotonic() - begun
        print(f"  {given.name}: {count} trials of {asked} on {places}: {came['faults']} faults; {dict(came)}; {count * asked / seconds:.0f} answers/s")  # fmt: skip


def _trial(web: Web, base: Any, crowd: list[Person], places: int, waitlist: int, *, kills: bool) -> tuple[list[str], str]:  # fmt: skip
    pool = _pool(places, waitlist=waitlist)
    web.chance.shuffle(crowd)
    sent = _rush.requests_of(pool, crowd, web.port)
    moment = web.chance.randrange(1, max(places, 2)) if kills else -1
    strikes = web.kill_a_worker
    killed = "a worker killed" if kills else "calm"
    if kills and base is not None and web.chance.random() < 0.5:
        strikes, killed = _struck(base), "the database killed"

    def told(number: int) -> None:
        if number == moment:
            _striker.submit(strikes)

    answers = asyncio.run(_rush.rush(sent, web.port, told=told))
    from django.db import close_old_connections

    close_old_connections()
    return _rush.faults_of(pool.pk, answers, asked=len(crowd)), killed


def _struck(base: Any) -> Callable[[], None]:
    def strike() -> None:
        base.kill()
        base.start()

    return strike


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
        done = subprocess.run(["bash", script, verb], env=clean | more, capture_output=True, text=True, check=True)  # fmt: skip
        return done.stdout

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
