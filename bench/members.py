"""Lists, look-ups and counts over millions of members: what each costs in the database.

    python -m bench.members [--members 200000] [--unions 1500] [--only postgresql] [--asks 200]

The claim: 8 million members in 60,000 unions on PostgreSQL, 1 million on SQLite; a page of 50
under any subtree, two of them, or of the whole federation, by name, by name prefix, by the last four digits of the phone,
by industry p95 ≤ 50 ms; deep pages as fast as the first; counts and one person by identity number
≤ 5 ms. Members are made by SQL in the database itself; PostgreSQL gets a quarter of a small
machine's memory. Measured is the time of the statements (all of a page together, rows fetched),
over random unions of every level and random names, after one round that warms up.

At full size (12 GB of disk for a quarter of an hour, and then 2 GB):
    python -m bench.members --members 8000000 --unions 60000 --asks 1000 --only postgresql
    python -m bench.members --members 1000000 --unions 7500 --asks 1000 --only sqlite
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

SEED = 20261122
KNOWN = 500  # members whose identity number is known, to look them up
MEMORY = ("shared_buffers=1GB", "maintenance_work_mem=512MB", "max_wal_size=8GB", "effective_cache_size=3GB")  # fmt: skip
# They sound like the most frequent names, and nearly nobody bears them.
RARE = ("厉", "栗", "汪小", "璋", "蔺", "亡", "留", "嫜")


def main(words: list[str] | None = None) -> None:
    """Measure on both databases, or on one."""
    parser = argparse.ArgumentParser(prog="python -m bench.members")
    parser.add_argument("--members", type=int, default=200_000)
    parser.add_argument("--unions", type=int, default=1_500)
    parser.add_argument("--asks", type=int, default=200)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    chosen = parser.parse_args(words if words is not None else [])
    for vendor in ("sqlite", "postgresql"):
        if chosen.only in {None, vendor}:
            _on(vendor, [chosen.members, chosen.unions, chosen.asks])


def _on(vendor: str, sizes: list[int]) -> None:
    given = [word for setting in MEMORY for word in ("--set", setting)]
    wrap = [] if vendor == "sqlite" else [sys.executable, "-m", "tools.pg", "run", *given, "--"]
    command = [sys.executable, "-m", "bench.members", "measure", *map(str, sizes)]
    with tempfile.TemporaryDirectory() as folder:
        told = {"LIANXIN_VAR": folder, "DJANGO_SETTINGS_MODULE": "lianxin.config.settings.run"}
        env = {k: v for k, v in os.environ.items() if k != "LIANXIN_DATABASE_URL"} | told
        subprocess.run([*wrap, *command], check=True, env=env)


def measure(members: int, unions: int, asks: int) -> None:
    """Fill the database the environment names, and ask."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bench import _multitude

    call_command("migrate", verbosity=0)
    began = time.monotonic()
    numbers = _multitude.fill(members, unions, KNOWN)
    print(
        f"{connection.vendor:10} {members:,} members in {unions:,} unions made in "
        f"{time.monotonic() - began:.0f} s",
        flush=True,
    )
    chance = random.Random(SEED)
    failed = [
        what for what, limit, ask in _asks(chance, numbers) if not _kept(what, limit, ask, asks)
    ]
    if failed:
        sys.exit(f"too slow: {', '.join(failed)}")


def _asks(chance: random.Random, numbers: list[str]) -> list[tuple[str, float, Callable[[], Any]]]:
    from bench import _multitude
    from lianxin.members.rules.industries import SECTIONS
    from lianxin.members.selectors.people import Filters, member_by_id_number, member_page
    from lianxin.orgs.api import Organisation

    unions = _multitude.some_unions(chance)

    def page(**asked: str) -> Callable[[], Any]:
        return lambda: member_page(
            _multitude.actor_at(chance.choice(unions)), filters=Filters(**asked)
        )

    def any_page(make: Callable[[], dict[str, str]]) -> Callable[[], Any]:
        return lambda: member_page(
            _multitude.actor_at(chance.choice(unions)), filters=Filters(**make())
        )

    def deep() -> Any:
        union = chance.choice(unions)
        return member_page(_multitude.actor_at(union), after=_multitude.token(chance))

    whole = _multitude.national()

    def of_all(**asked: str) -> Callable[[], Any]:
        return lambda: member_page(whole, filters=Filters(**asked))

    def two() -> Any:
        return member_page(_multitude.actor_at(*chance.sample(unions, 2)))

    return [
        ("a page by name", 50, page()),
        ("of two unions at once", 50, two),
        ("a deep page", 50, deep),
        ("by the start of a name", 50, any_page(lambda: {"search": _multitude.name(chance)})),
        ("by the start of a rare name", 50, any_page(lambda: {"search": chance.choice(RARE)})),
        ("by the start of its pinyin", 50, any_page(lambda: {"search": _multitude.key(chance)})),
        ("by the last four digits", 50, any_page(lambda: {"tail": f"{chance.randrange(10_000):04d}"})),
        ("by industry", 50, any_page(lambda: {"industry": chance.choice(SECTIONS)[0]})),
        ("by industry and name", 50, any_page(
            lambda: {"industry": chance.choice(SECTIONS)[0], "search": _multitude.key(chance)})),
        ("by form of employment", 50, any_page(lambda: {"employment_form": _multitude.form(chance)})),
        ("retained memberships", 50, any_page(lambda: {"state": "retained"})),
        ("of everybody", 50, of_all()),
        ("of everybody, deep", 50, lambda: member_page(whole, after=_multitude.token(chance))),
        ("of everybody, by pinyin", 50, lambda: member_page(whole, filters=Filters(search=_multitude.key(chance)))),
        ("of everybody, left or ended", 50, of_all(state="over")),
        ("a count", 5, lambda: Organisation.objects.values_list("member_count").get(pk=chance.choice(unions).pk)),
        ("one by identity number", 5, lambda: member_by_id_number(chance.choice(numbers))),
    ]  # fmt: skip


def _kept(what: str, limit: float, ask: Callable[[], Any], asks: int) -> bool:
    from django.db import connection

    spent = 0.0

    def timed(execute: Any, *args: Any) -> Any:
        nonlocal spent
        began = time.perf_counter()
        try:
            return execute(*args)
        finally:
            spent += time.perf_counter() - began

    times = []
    for number in range(asks + asks // 4):
        spent = 0.0
        with connection.execute_wrapper(timed):
            ask()
        if number >= asks // 4:
            times.append(spent * 1000)
    times.sort()
    p95 = times[int(len(times) * 0.95)]
    print(
        f"{connection.vendor:10} {what:28} median {statistics.median(times):7.2f} ms, "
        f"p95 {p95:7.2f} ms, at most {times[-1]:7.2f} ms (limit {limit:g})",
        flush=True,
    )
    return p95 <= limit


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        measure(*map(int, sys.argv[2:]))
    else:
        main(sys.argv[1:])
