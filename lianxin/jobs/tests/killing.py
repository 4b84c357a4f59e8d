"""Kills web and worker processes with SIGKILL, hundreds of times, and counts what is left.

Runs as a program of its own, with the database's address and the number of kills: it forks a "web" that
submits and acknowledges, and a worker that works, and kills both after a few hundredths of a
second, again and again. At the end one worker may finish. Prints what was found as JSON.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import signal
import sys
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass

import django
from django.conf import settings


def configure(url: str) -> None:
    """Take the settings of the test suite, with one database, few apps and short leases."""
    os.environ["LIANXIN_DATABASE_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "lianxin.config.settings.test"
    database = settings.DATABASES["default"]
    if url.startswith("sqlite"):
        # Shorter than the hog holds the lock: everybody meets "database is locked".
        database["OPTIONS"]["timeout"] = 0.15
    settings.INSTALLED_APPS = ["lianxin.kit", "lianxin.jobs"]
    settings.JOBS_LEASE_SECONDS = 0.4
    settings.JOBS_POLL_SECONDS = 0.01
    settings.LOGGING_CONFIG = None
    django.setup()


configure(sys.argv[1])

from django.core.management import call_command  # noqa: E402  (settings come first)
from django.db import OperationalError, connection  # noqa: E402

from lianxin.jobs.api import enqueue, job, publish, run_due  # noqa: E402
from lianxin.jobs.models import Delivery, Job  # noqa: E402
from lianxin.jobs.services import Worker, leases_reap  # noqa: E402
from lianxin.kit import clock, events  # noqa: E402
from lianxin.kit.testing import end_with_parent  # noqa: E402
from lianxin.kit.transactions import atomic  # noqa: E402


@dataclass(frozen=True, kw_only=True, slots=True)
class DeedDone(events.Event):
    deed: str


def note(kind: str, deed: str) -> None:
    """Leave a mark; nothing in the table keeps a second one away."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO deed (kind, name) VALUES (%s, %s)", [kind, deed])
    time.sleep(random.random() * 0.004)  # noqa: S311  (gives the killer a chance)


def hear(event: DeedDone) -> None:
    note("heard", event.deed)


@job("killing.quick")
def quick_job(deed: str) -> None:
    note("quick", deed)


@job("killing.long", queue="long")
def long_job(deed: str) -> None:
    """Opens its own transaction, may come again, and is written to bear that."""
    time.sleep(random.random() * 0.02)  # noqa: S311
    with atomic():
        if not marks("long", deed):
            note("long", deed)


def marks(kind: str, deed: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM deed WHERE kind = %s AND name = %s", [kind, deed])
        return int(cursor.fetchone()[0])


def web(acknowledged: int) -> None:
    """Submit, one after the other; write each to the pipe once it is acknowledged."""
    connection.close()
    while True:
        deed = uuid.uuid4().hex
        with suppress(OperationalError):
            submit(deed)
            os.write(acknowledged, f"{deed}\n".encode())
        time.sleep(0.01)


def submit(deed: str) -> None:
    with atomic():
        note("web", deed)
        publish(DeedDone(deed=deed))
        enqueue("killing.quick", payload={"deed": deed}, key=f"quick {deed}")
        if random.random() < 0.2:  # noqa: S311
            enqueue("killing.long", payload={"deed": deed}, key=f"long {deed}")


def hog() -> None:
    """Hold the only write lock of SQLite longer than anybody waits for it, now and then."""
    connection.close()
    while True:
        with suppress(OperationalError), atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM deed WHERE kind = 'nothing'")
            time.sleep(0.25 if connection.vendor == "sqlite" else 0)
        time.sleep(0.5)


def worker() -> None:
    Worker().run(grace=0)


def forked(act, *args) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        end_with_parent()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        act(*args)
    finally:
        os._exit(1)


def main(kills: int) -> dict[str, object]:
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE deed (kind text, name text)")
    connection.close()
    reading, writing = os.pipe()
    said: list[bytes] = []
    listener = threading.Thread(target=lambda: said.extend(open(reading, "rb")))  # noqa: PTH123, SIM115
    dead = 0
    pids = {web: forked(web, writing), worker: forked(worker), hog: forked(hog)}
    listener.start()
    while dead < kills:
        victim = random.choice([web, worker, worker])  # noqa: S311
        time.sleep(0.01 + random.random() * 0.09)  # noqa: S311
        os.kill(pids[victim], signal.SIGKILL)
        os.waitpid(pids[victim], 0)
        dead += 1
        pids[victim] = forked(web, writing) if victim is web else forked(worker)
    for pid in pids.values():
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    os.close(writing)
    listener.join()
    return {"kills": dead + 3, **found([line.decode().strip() for line in said])}


def found(acknowledged: list[str]) -> dict[str, object]:
    """Let what is left be done, then count."""
    finish = time.monotonic() + 60
    losses_before = Job.objects.filter(state="running").count()
    while time.monotonic() < finish:
        leases_reap()
        run_due(clock.now() + dt.timedelta(days=1))  # also what pauses after a failure
        if not Job.objects.filter(state__in=["waiting", "running"]).exists():
            break
        time.sleep(0.1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, name, count(*) FROM deed GROUP BY kind, name")
        rows = cursor.fetchall()
    names = {
        kind: {name for k, name, _ in rows if k == kind}
        for kind in ("web", "heard", "quick", "long")
    }
    wanted_long = {j.payload["deed"] for j in Job.objects.filter(name="killing.long")}
    return {
        "submitted": len(names["web"]),
        "acknowledged": len(acknowledged),
        "lost": len(set(acknowledged) - names["web"]),
        "twice": sum(count > 1 for _, _, count in rows),
        "unheard": len(names["web"] - names["heard"]),
        "undone": len(names["web"] - names["quick"]) + len(wanted_long - names["long"]),
        "unfinished": Job.objects.exclude(state="done").count()
        + Delivery.objects.exclude(state="done").count(),
        "caught_running": losses_before,
        "leases_lost": sum(Job.objects.values_list("losses", flat=True)),
    }


events.subscribe(DeedDone, hear)
print(json.dumps(main(int(sys.argv[2]))))  # noqa: T201  (the test reads it)
