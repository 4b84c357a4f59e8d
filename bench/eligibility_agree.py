"""Closures, SQLite, PostgreSQL, DuckDB, Polars and Spark: one answer on 1,000,000 (rule, person) pairs.

Rules and people are made at random, full of gaps and traps (division by nothing, NOT over unknown,
year ends, leap days, texts with quotes). One disagreement fails the bench. Spark joins in where Java
and pyspark are (`make test-spark` brings them); the bench says so when they are not.
BENCH_PAIRS makes it shorter.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

PAIRS = int(os.environ.get("BENCH_PAIRS", "1000000"))
RULES, PEOPLE = 40, 5_000


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.config.settings.test")
    django.setup()
    from lianxin.eligibility import testing

    engines: dict[str, Callable[..., Any]] = {
        "sqlite": testing.by_sqlite, "duckdb": testing.by_duckdb, "polars": testing.by_polars
    }  # fmt: skip
    with ExitStack() as stack:
        engines["postgresql"] = testing.by_cursor(stack.enter_context(_postgresql()))
        if importlib.util.find_spec("pyspark") and shutil.which("java"):
            engines["spark"] = testing.by_spark(stack.enter_context(_spark()))
        else:
            print("  NOT asked: spark (no Java or no pyspark: make test-spark)")
        _ask(engines)


def _ask(engines: dict[str, Callable[..., Any]]) -> None:
    from lianxin.eligibility import testing

    spent = dict.fromkeys(["closure", *engines], 0.0)
    found: list[str] = []
    answers: Counter[bool | None] = Counter()
    for seed in range(-(-PAIRS // (RULES * PEOPLE))):
        asked = testing.batch(1_000 + seed, RULES, PEOPLE)
        wanted = _timed("closure", testing.by_closure, asked, spent)
        answers.update(itertools.chain.from_iterable(wanted))
        for name, engine in engines.items():
            if _timed(name, engine, asked, spent) != wanted:
                found += testing.disagreements(asked, {name: engine})
    _report(answers, spent, found)


def _timed(name: str, engine: Callable[..., Any], asked: Any, spent: dict[str, float]) -> list[Any]:
    started = time.perf_counter()
    rows = engine(asked)
    spent[name] += time.perf_counter() - started
    return [tuple(row) for row in rows]


def _report(answers: Counter[bool | None], spent: dict[str, float], found: list[str]) -> None:
    total = sum(answers.values())
    print(f"  {total:,} pairs: yes {answers[True]:,}, no {answers[False]:,}, unknown {answers[None]:,}")  # fmt: skip
    for name, seconds in spent.items():
        print(f"  {name:10} {seconds:7.1f} s  {total / seconds / 1e6:8.2f} M pairs/s")
    for line in found[:20]:
        print(f"  {line}")
    if found:
        sys.exit(f"{len(found)} disagreements")
    print(f"  0 disagreements among {len(spent)} engines")


@contextmanager
def _postgresql() -> Iterator[Any]:
    import psycopg

    from tools import pg

    with pg.cluster() as env, psycopg.connect(env["LIANXIN_DATABASE_URL"]) as connection:
        yield connection.cursor()


@contextmanager
def _spark() -> Iterator[Any]:
    from lianxin.eligibility.adapters import spark_engine

    with spark_engine.session("local[2]") as spark:
        yield spark


if __name__ == "__main__":
    main()
