"""Policies find people, all at once: three times as many people take three times as long, and no more memory.

`BENCH_PEOPLE` people (10 M; the claim is of 100 M), each distinct, then three times as many in one run:
outcomes, pairs and counts as files. Limits for 100 M: 30 s on two free cores and 2 GB; for 300 M:
100 s; CPU a person within 10 %. A person takes 65 bytes of disk and her outcomes 12: where there is
too little room the bench says so and asks fewer. BENCH_FOLDER says where there is room.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "10000000"))
FOLDER = os.environ.get("BENCH_FOLDER")
DISK = 90  # bytes a person, with some to spare
LIMIT_S, LIMIT_MB, TIMES = 30.0, 2_000, 3


def main() -> None:
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        room = shutil.disk_usage(folder).free // DISK // TIMES
        people = min(PEOPLE, room // 1_000_000 * 1_000_000)
        if people < PEOPLE:
            print(f"  NOT {PEOPLE:,}: there is room for {TIMES} × {people:,}")
        facts = Path(folder) / "facts"
        facts.mkdir()
        one = _measured(people, facts, [0])
        many = _measured(people, facts, range(1, TIMES))
        share = many["cpu"] / one["cpu"] / TIMES
        limit = LIMIT_S * people / 100_000_000
        over = one["wall"] > limit or many["wall"] > limit * 10 / 3 or many["memory"] > LIMIT_MB or abs(share - 1) > 0.1  # fmt: skip
        print(f"  CPU a person {share:.2f} × that of the smaller run; limits {limit:.1f} s and {limit * 10 / 3:.1f} s, {LIMIT_MB:,} MB, 0.9 to 1.1{'  OVER' if over else ''}")  # fmt: skip


def _measured(people: int, facts: Path, parts: Iterable[int]) -> dict[str, float]:
    """Make more people, then run over all there are, in a process of its own, as its memory counts."""
    for part in parts:
        _apart("make", str(facts / f"{part}.parquet"), str(people), str(part * people))
    out = facts.parent / "out"
    found: dict[str, float] = json.loads(_apart("match", str(facts), str(out)))
    shutil.rmtree(out)
    print(f"  {found['people']:>13,.0f} people  wall {found['wall']:6.1f} s  CPU {found['cpu']:6.1f} s  {found['memory']:,.0f} MB  files {found['size'] / found['people']:.1f} bytes a person")  # fmt: skip
    return found


def _apart(*words: str) -> str:
    command = [sys.executable, "-m", "bench.eligibility_everyone", *words]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def _make(path: str, people: str, first: str) -> None:
    from bench import _people

    _people.write(Path(path), int(people), first=int(first))


def _match(facts: str, out: str) -> None:
    from lianxin.eligibility.adapters import bulk

    bulk.keep_memory()
    from bench.eligibility import _order
    from lianxin.eligibility.adapters import polars_match

    Path(out).mkdir()
    order = _order(Path(facts), Path(out))
    began, spent = time.perf_counter(), time.process_time()
    counts = polars_match.match(order)
    wall, cpu = time.perf_counter() - began, time.process_time() - spent
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(path.stat().st_size for path in Path(out).iterdir())
    print(json.dumps({"people": counts["people"], "wall": wall, "cpu": cpu, "memory": memory, "size": size}))  # fmt: skip


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.config.settings.test")
    django.setup()
    if sys.argv[1] == "make":
        _make(*sys.argv[2:])
    else:
        _match(*sys.argv[2:])
