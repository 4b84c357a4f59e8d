"""Runs the same checked rules on Apache Spark, when one machine is too small; commands alone import it.

The SQL is the printer's. Rows go through Spark's executors; only counts and finished files come
back, so the folder a run writes to must be one that driver and workers share.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from lianxin.eligibility.adapters import parquet_footer, yaml_files
from lianxin.eligibility.adapters.bulk import ID, RESULTS, BulkError, Order, counted, write_json
from lianxin.eligibility.rules.checking import Kind, Known
from lianxin.eligibility.rules.excluding import Plan, ruled_sql, ruling
from lianxin.eligibility.rules.printing import Printer

ENGINE = "spark"
TYPES: dict[Kind, str] = {
    Kind.BOOLEAN: "BOOLEAN", Kind.WHOLE: "BIGINT", Kind.MONEY: "BIGINT", Kind.REAL: "DOUBLE", Kind.DATE: "DATE",
    Kind.CHOICE: "STRING", Kind.TEXT: "STRING",
}  # fmt: skip
_WHOLE = frozenset({"tinyint", "smallint", "int", "bigint"})
_FRACTION = frozenset({"float", "double"})
_ACCEPTED: dict[Kind, frozenset[str]] = {
    Kind.BOOLEAN: frozenset({"boolean"}), Kind.WHOLE: _WHOLE | _FRACTION, Kind.MONEY: _WHOLE | _FRACTION,
    Kind.REAL: _WHOLE | _FRACTION, Kind.DATE: frozenset({"date", "timestamp", "timestamp_ntz", "string"}),
    Kind.CHOICE: _WHOLE | {"string"}, Kind.TEXT: _WHOLE | {"string"},
}  # fmt: skip


@contextmanager
def session(master: str, settings: Mapping[str, str] | None = None) -> Iterator[SparkSession]:
    """Start Spark for a run, and stop it after."""
    asked: dict[str, bool | float | int | str | None] = {
        "spark.ui.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "8",
        **(settings or {}),
    }
    builder = SparkSession.builder.master(master).appName("lianxin policies_match")
    spark = builder.config(map=asked).getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    try:
        yield spark
    finally:
        spark.stop()


def match(order: Order, master: str) -> dict[str, Any]:
    """Evaluate an order on a Spark master and return its counts.

    Raises:
        BulkError: the table cannot be read as facts.
    """
    with session(master) as spark:
        return match_with(spark, order)


def match_with(spark: SparkSession, order: Order) -> dict[str, Any]:
    """Evaluate an order in a session that stands already."""
    stage = order.out / ".parts" / order.key(ENGINE)
    shutil.rmtree(stage, ignore_errors=True)
    table = spark.read.parquet(*(str(path) for path in order.files()))
    facts, absent, outside = _facts(order, table)
    for name, number in outside.items():
        order.say(f"{name}: {number:,} values outside its bounds, counted as unknown")
    answered = facts.selectExpr(ID, *(each for at in range(len(order.rules)) for each in _written(order, at)))  # fmt: skip
    outcomes = settled(answered, order.plan, "r{}", "g{}").selectExpr(
        ID, *(f"r{at} AS `{rule.code}`" for at, rule in enumerate(order.rules))
    )
    outcomes.write.parquet(str(stage / "outcomes.parquet"))
    order.say("outcomes are written; pairs and counts follow")
    written = spark.read.parquet(str(stage / "outcomes.parquet"))
    _pairs(order, written).write.parquet(str(stage / "pairs.parquet"))
    people, counts = _counts(order, written)
    for name in RESULTS:
        draft = stage / f"{name}.draft"
        parquet_footer.join(sorted((stage / name).glob("part-*.parquet")), draft)
        draft.replace(order.out / name)
    content = counted(order, ENGINE, people, counts, {"absent": absent, "outside": outside})
    write_json(order.out / "counts.json", content)
    shutil.rmtree(order.out / ".parts")
    return content


def _facts(order: Order, table: DataFrame) -> tuple[DataFrame, list[str], dict[str, int]]:
    """Take the columns as facts of their kinds: what is outside its bounds is unknown."""
    known = yaml_files.vocabulary()
    types = dict(table.dtypes)
    if ID not in types:
        raise BulkError(f"{order.facts}: there is no column {ID}")
    present = sorted(order.names & set(types))
    absent = sorted(order.names - set(types))
    if absent:
        order.say(f"no column, therefore unknown for everybody: {', '.join(absent)}")
    cast = table.selectExpr(ID, *(_column(name, types[name], known[name]) for name in present))
    numbers = [name for name in present if known[name].kind in {Kind.WHOLE, Kind.MONEY, Kind.REAL}]
    inside = {name: f"`{name}` BETWEEN {known[name].minimum} AND {known[name].maximum}" for name in numbers}  # fmt: skip
    outside = _outside(cast, inside)
    columns = [
        f"CASE WHEN {inside[name]} THEN `{name}` END AS `{name}`" if name in outside else f"`{name}`"
        for name in present
    ]  # fmt: skip
    nulls = [f"CAST(NULL AS {TYPES[known[name].kind]}) AS `{name}`" for name in absent]
    return cast.selectExpr(ID, *columns, *nulls), absent, outside


def _column(name: str, found: str, known: Known) -> str:
    if found not in _ACCEPTED[known.kind] | {"void"}:
        raise BulkError(f"The column {name} holds {found}; the fact is of kind {known.kind}.")
    made = f"try_cast(`{name}` AS {TYPES[known.kind]})"
    if found in _FRACTION and known.kind is not Kind.REAL:
        made = f"CASE WHEN `{name}` = round(`{name}`) THEN {made} END"
    return f"{made} AS `{name}`"


def _outside(cast: DataFrame, inside: Mapping[str, str]) -> dict[str, int]:
    if not inside:
        return {}
    sums = (f"count_if(NOT ({each})) AS `{name}`" for name, each in inside.items())
    row = cast.selectExpr(*sums).first()
    found = row.asDict() if row is not None else {}
    return {name: int(number) for name, number in found.items() if number}


def _written(order: Order, at: int) -> Iterator[str]:
    rule = order.rules[at]
    printer = Printer("spark", order.as_of, rule.parameters)
    yield f"{printer.write(rule.node)} AS r{at}"
    if rule.granted is not None:
        yield f"{printer.write(rule.granted)} AS g{at}"


def settled(frame: DataFrame, plan: Plan[int], answer: str, granted: str) -> DataFrame:
    """Let policies that do not go together yield to each other, as `polars_engine.settled` does."""
    for level in plan.levels:
        new = {answer.format(step.at): ruled_sql(answer.format(step.at), ruling(step, answer, granted)) for step in level}  # fmt: skip
        kept = (f"`{name}`" for name in frame.columns if name not in new)
        frame = frame.selectExpr(*kept, *(f"{made} AS {name}" for name, made in new.items()))
    return frame


def _pairs(order: Order, outcomes: DataFrame) -> DataFrame:
    fitting = ", ".join(f"IF(`{rule.code}`, '{rule.code}', NULL)" for rule in order.rules)
    return outcomes.selectExpr(ID, f"explode(array_compact(array({fitting}))) AS policy")


def _counts(order: Order, outcomes: DataFrame) -> tuple[int, dict[str, tuple[int, int]]]:
    asked = ["count(*)"]
    for rule in order.rules:
        asked += [f"count_if(`{rule.code}`)", f"count_if(`{rule.code}` IS NULL)"]
    row = outcomes.selectExpr(*asked).first()
    found: list[int] = list(row) if row is not None else [0] * len(asked)
    return found[0], {
        rule.code: (found[1 + at * 2], found[2 + at * 2]) for at, rule in enumerate(order.rules)
    }
