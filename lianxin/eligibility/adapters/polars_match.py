"""Runs all rules over a table of people on one machine: one pass a partition, with Polars.

Each partition is read once and leaves a file of outcomes, a file of pairs and, last, its counts;
a partition with counts is done. A run broken off goes on with the others.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from lianxin.eligibility.adapters import parquet_footer, yaml_files
from lianxin.eligibility.adapters.bulk import (
    ID,
    RESULTS,
    BulkError,
    Order,
    counted,
    is_done,
    write_json,
)
from lianxin.eligibility.adapters.parquet_outcomes import GROUP, write_outcomes
from lianxin.eligibility.adapters.polars_engine import (
    ColumnError,
    Expressions,
    column,
    null_of,
    strangers,
    without_strangers,
)
from lianxin.eligibility.rules.tree import Name, Node

ENGINE = "polars"
ROWS = 1_000_000  # of a partition: small enough for a modest machine, large enough to be quick
AT_ONCE = 2  # one partition is written while the next is reckoned


@dataclass(frozen=True, slots=True)
class Partition:
    number: int
    file: Path
    start: int
    rows: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A run made ready: where its parts lie, which columns it reads, what it evaluates."""

    order: Order
    parts: Path
    columns: list[pl.Expr]
    outcomes: list[pl.Expr]
    codes: pl.Enum


def match(order: Order, rows: int = ROWS) -> dict[str, Any]:
    """Evaluate an order and return its counts; a repeat of a finished one changes nothing.

    Raises:
        BulkError: the table cannot be read as facts.
    """
    if is_done(order, ENGINE):
        order.say("nothing has changed since the last run; its files stand")
        kept: dict[str, Any] = json.loads((order.out / "counts.json").read_text(encoding="utf-8"))
        return kept
    partitions = list(_partitions(order.files(), rows))
    plan, notes = _plan(order)
    todo = [each for each in partitions if not _mark(plan, each).is_file()]
    if len(todo) < len(partitions):
        order.say(f"{len(partitions) - len(todo)} of {len(partitions)} partitions are done already")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = [pool.submit(run_partition, plan, each) for each in todo]
        try:
            for done, each in enumerate(as_completed(running), len(partitions) - len(todo) + 1):
                order.say(f"{done} of {len(partitions)} partitions, {each.result():,} people")
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return _finish(plan, partitions, notes)


def _plan(order: Order) -> tuple[Plan, dict[str, Any]]:
    known = yaml_files.vocabulary()
    schema = pl.read_parquet_schema(order.files()[0])
    if ID not in schema:
        raise BulkError(f"{order.facts}: there is no column {ID}")
    present = sorted(order.names & set(schema))
    absent = sorted(order.names - set(schema))
    if absent:
        order.say(f"no column, therefore unknown for everybody: {', '.join(absent)}")
    try:
        columns = [column(name, schema[name], known[name]) for name in present]
    except ColumnError as error:
        raise BulkError(str(error)) from None
    nulls = {name: null_of(known[name].kind) for name in absent}
    outcomes = [
        _Written(order, rule.parameters, nulls).write(rule.node).alias(rule.code)
        for rule in order.rules
    ]
    parts = order.out / ".parts" / order.key(ENGINE)
    parts.mkdir(parents=True, exist_ok=True)
    codes = pl.Enum([rule.code for rule in order.rules])
    return Plan(order, parts, [pl.col(ID), *columns], outcomes, codes), {"absent": absent}


class _Written(Expressions):
    """Expressions in which a fact without a column is a null of its kind."""

    def __init__(self, order: Order, parameters: Mapping[str, Any], nulls: Mapping[str, pl.Expr]) -> None:  # fmt: skip
        super().__init__(order.as_of, parameters)
        self.nulls = nulls

    def write(self, node: Node) -> pl.Expr:
        if isinstance(node, Name) and node.name in self.nulls:
            return self.nulls[node.name]
        return super().write(node)


def _partitions(files: list[Path], rows: int) -> Iterator[Partition]:
    """Cut a table at its row groups, and those larger than a partition inside."""
    number = 0
    for path in files:
        try:
            groups = parquet_footer.rows_of_groups(path)
        except parquet_footer.NotParquetError as error:
            raise BulkError(str(error)) from None
        start = held = 0
        for group in [*groups, 0]:
            if held and (group == 0 or held + group > rows):
                for at in range(start, start + held, rows):
                    yield Partition(number, path, at, min(rows, start + held - at))
                    number += 1
                start, held = start + held, 0
            held += group
        if not groups or sum(groups) == 0:
            yield Partition(number, path, 0, 0)
            number += 1


def run_partition(plan: Plan, partition: Partition) -> int:
    """Evaluate one partition, leave its files and, last, its counts; return its people."""
    known = yaml_files.vocabulary()
    scan = pl.scan_parquet(partition.file).slice(partition.start, partition.rows)
    frame = scan.select(plan.columns).collect()
    outside = strangers(frame, known) if frame.height else {}
    if outside:
        frame = without_strangers(frame, outside, known)
    outcomes = frame.lazy().select(pl.col(ID), *plan.outcomes).collect()
    codes = plan.codes.categories.to_list()
    yes = outcomes.select(pl.col(code).sum() for code in codes).row(0)
    unknown = outcomes.select(pl.col(code).null_count() for code in codes).row(0)
    _whole(_part(plan, partition, "outcomes"), lambda path: write_outcomes(outcomes, ID, path))
    _write(_pairs(outcomes, plan.codes), _part(plan, partition, "pairs"))
    write_json(
        _mark(plan, partition),
        {
            "people": frame.height,
            "counts": dict(zip(codes, zip(yes, unknown, strict=True), strict=True)),
            "outside": outside,
        },
    )
    return frame.height


def _pairs(outcomes: pl.DataFrame, codes: pl.Enum) -> pl.DataFrame:
    """One row for each person a policy fits, policy after policy."""
    fitting = [outcomes[ID].filter(outcomes[code]) for code in codes.categories]
    policies = [
        pl.repeat(code, len(ids), dtype=codes, eager=True)
        for code, ids in zip(codes.categories, fitting, strict=True)
    ]
    return pl.DataFrame(
        {
            ID: pl.concat(fitting, rechunk=False),
            "policy": pl.concat(policies, rechunk=False).alias("policy"),
        }
    )


def _write(frame: pl.DataFrame, path: Path) -> None:
    _whole(path, lambda draft: frame.write_parquet(draft, compression="lz4", statistics=False, row_group_size=GROUP))  # fmt: skip


def _whole(path: Path, write: Callable[[Path], None]) -> None:
    """Let a file be written whole or not at all."""
    draft = path.with_name(f"{path.name}.draft")
    write(draft)
    draft.replace(path)


def _part(plan: Plan, partition: Partition, kind: str) -> Path:
    return plan.parts / f"{kind}-{partition.number:06}.parquet"


def _mark(plan: Plan, partition: Partition) -> Path:
    return plan.parts / f"counts-{partition.number:06}.json"


def _finish(plan: Plan, partitions: list[Partition], notes: dict[str, Any]) -> dict[str, Any]:
    """Add up the counts, join the parts, and put all in place; the counts come last."""
    order = plan.order
    people, counts, outside = 0, {rule.code: [0, 0] for rule in order.rules}, dict[str, int]()
    for each in partitions:
        mark = json.loads(_mark(plan, each).read_text(encoding="utf-8"))
        people += mark["people"]
        for code, (yes, unknown) in mark["counts"].items():
            counts[code][0] += yes
            counts[code][1] += unknown
        for name, number in mark["outside"].items():
            outside[name] = outside.get(name, 0) + number
    for name, number in outside.items():
        order.say(f"{name}: {number:,} values outside its bounds, counted as unknown")
    for name in RESULTS:
        kind = name.partition(".")[0]
        draft = plan.parts / name
        parquet_footer.join([_part(plan, each, kind) for each in partitions], draft)
        draft.replace(order.out / name)
    content = counted(order, ENGINE, people, counts, {**notes, "outside": outside})
    write_json(order.out / "counts.json", content)
    shutil.rmtree(order.out / ".parts")
    return content
