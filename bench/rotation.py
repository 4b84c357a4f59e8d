"""Rotation of the data key over 1 million sealed rows while readers read: no read may fail.

`BENCH_ROTATION_ROWS` and `BENCH_ROTATION_READERS` make it shorter or harder. Half of the processes
of a small machine belong to the readers: what is measured is a service in use, not an idle one.
"""

from __future__ import annotations

import os
import random
import signal
import statistics
import sys
import time
from pathlib import Path
from typing import Any

ROWS = int(os.environ.get("BENCH_ROTATION_ROWS", "1000000"))
READERS = int(os.environ.get("BENCH_ROTATION_READERS", "1"))
CHUNK = 5_000
THINK = 0.002  # seconds between two reads of a reader


def main() -> None:
    """Measure on SQLite and on PostgreSQL."""
    from bench import _crowd

    _crowd.on_both_databases("bench.rotation")


def measure() -> None:
    """Fill a table with sealed messages, rotate, and tell what readers met meanwhile."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from lianxin.vault import services

    call_command("migrate", verbosity=0)
    pks = _filled()
    vendor = connection.vendor
    connection.close()
    folder = Path(os.environ["LIANXIN_VAR"])
    readers = [_forked(pks, folder / f"reader-{n}") for n in range(READERS)]
    time.sleep(1)
    began, cpu_before = time.monotonic(), time.process_time()
    done = services.data_key_rotate()
    seconds, cpu = time.monotonic() - began, time.process_time() - cpu_before
    for pid in readers:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
    times, failed = _read_by(folder)
    left = sum(n for (_s, head), n in services.key_usage().items() if not head.endswith("0002"))
    p95 = sorted(times)[int(len(times) * 0.95)]
    print(
        f"{vendor:10} {done.resealed:,} values in {seconds:.1f} s = {done.resealed / seconds:,.0f} a "
        f"second ({done.resealed / cpu:,.0f} a second of its own CPU), {left} left behind; "
        f"{len(times):,} reads meanwhile, {failed} failed, "
        f"median {statistics.median(times):.2f} ms, p95 {p95:.2f} ms"
    )
    if failed or left or not done.is_finished:
        sys.exit("a read failed, or a value was left behind")


def _filled() -> list[Any]:
    from lianxin.kit.ids import new_id
    from lianxin.kit.transactions import atomic
    from lianxin.notify.models import InboxMessage

    account, pks = new_id(), []
    for start in range(0, ROWS, CHUNK):
        rows = [
            InboxMessage(account_id=account, kind="bench", key=str(n), title=f"message {n}")
            for n in range(start, min(start + CHUNK, ROWS))
        ]
        with atomic():
            InboxMessage.objects.bulk_create(rows)
        pks += [row.pk for row in rows]
    return pks


def _forked(pks: list[Any], out: Path) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        _read(pks, out)
    finally:
        os._exit(0)


def _read(pks: list[Any], out: Path) -> None:
    from lianxin.notify.models import InboxMessage
    from lianxin.vault.api import reveal

    asked: list[str] = []
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(1))
    while not stopped:
        number = random.randrange(len(pks))
        before = time.perf_counter()
        try:
            right = reveal(InboxMessage.objects.get(pk=pks[number]), "title") == f"message {number}"
        except Exception:  # noqa: BLE001  (whatever it is, the read failed)
            right = False
        spent = (time.perf_counter() - before) * 1000
        asked.append(f"{spent:.3f}" if right else "failed")
        time.sleep(THINK)
    out.write_text("\n".join(asked), encoding="utf-8")


def _read_by(folder: Path) -> tuple[list[float], int]:
    lines = [line for path in folder.glob("reader-*") for line in path.read_text().split()]
    return [float(line) for line in lines if line != "failed"], lines.count("failed")


if __name__ == "__main__":
    measure()
