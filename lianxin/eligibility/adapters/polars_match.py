"""Runs all rules over a table of people on one machine: one pass a partition, with Polars.

Each partition is read once and becomes a row group of each file, in order; a run cut off goes on
behind the last whole one.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from lianxin.eligibility.adapters import parquet_footer, parquet_outcomes, yaml_files
from lianxin.eligibility.adapters.bulk import (
    COUNTS,
    ID,
    RESULTS,
    BulkError,
    Order,
    counted,
    is_done,
    write_json,
)
from lianxin.eligibility.adapters.bulk_files import Growing
from lianxin.eligibility.adapters.parquet_chunks import Group
from lianxin.eligibility.adapters.polars_engine import (
    ColumnError,
    Expressions,
    column,
    null_of,
    settled,
    strangers,
    without_strangers,
)
from lianxin.eligibility.rules.excluding import Plan as ExclusionPlan
from lianxin.eligibility.rules.tree import Name, Node

ENGINE = "polars"
ROWS = 500_000  # of a partition: small enough for a modest machine, large enough to be quick
AT_ONCE = 2  # one partition is laid out while the next is reckoned


@dataclass(frozen=True, slots=True)
class Partition:
    number: int
    file: Path
    start: int
    rows: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A run made ready: which columns it reads, what it evaluates."""

    columns: list[pl.Expr]
    outcomes: list[pl.Expr]
    codes: list[str]
    bonds: ExclusionPlan[int]


@dataclass(frozen=True, slots=True)
class Done:
    """One partition reckoned: what was counted, and what is to be written."""

    mark: Mapping[str, Any]
    groups: Mapping[str, Group | None]


def match(order: Order, rows: int = ROWS) -> dict[str, Any]:
    """Evaluate an order and return its counts; a repeat of a finished one changes nothing.

    Raises:
        BulkError: the table cannot be read as facts, or another run writes into its folder.
    """
    if is_done(order, ENGINE):
        order.say("nothing has changed since the last run; its files stand")
        kept: dict[str, Any] = json.loads((order.out / COUNTS).read_text(encoding="utf-8"))
        return kept
    partitions = list(_partitions(order.files(), rows))
    plan, ids, notes = _plan(order)
    with Growing(order.out, order.key(ENGINE)) as files:
        if files.marks:
            order.say(f"{len(files.marks)} of {len(partitions)} partitions are done already")
        for done in _in_order(plan, partitions[len(files.marks) :]):
            files.add(done.mark, done.groups)
            order.say(f"{len(files.marks)} of {len(partitions)} partitions, {done.mark['people']:,} people")  # fmt: skip
        files.finish({
            "outcomes.parquet": parquet_outcomes.outcomes_schema(ids, plan.codes),
            "pairs.parquet": parquet_outcomes.pairs_schema(ids),
        })  # fmt: skip
        content = _counts(order, files.marks, notes)
        write_json(order.out / COUNTS, content)
        files.clear()
    return content


def _in_order(plan: Plan, partitions: Sequence[Partition]) -> Iterator[Done]:
    """Reckon partitions side by side, and give them back one after the other."""
    waiting: deque[Future[Done]] = deque()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            for each in partitions:
                waiting.append(pool.submit(run_partition, plan, each))
                if len(waiting) > AT_ONCE:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _plan(order: Order) -> tuple[Plan, pl.Series, dict[str, Any]]:
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
    outcomes = []
    for at, rule in enumerate(order.rules):
        writer = _Written(order, rule.parameters, nulls)
        outcomes.append(writer.write(rule.node).cast(pl.Boolean).alias(f"r{at}"))
        if rule.granted is not None:
            outcomes.append(writer.write(rule.granted).cast(pl.Boolean).alias(f"g{at}"))
    plan = Plan([pl.col(ID), *columns], outcomes, [rule.code for rule in order.rules], order.plan)
    return plan, pl.Series(ID, [], dtype=schema[ID]), {"absent": absent}


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
    """Cut a table between its row groups, and inside those twice as large as a partition."""
    number = 0
    for path in files:
        try:
            groups = parquet_footer.rows_of_groups(path)
        except parquet_footer.NotParquetError as error:
            raise BulkError(str(error)) from None
        start = 0
        for size in _sizes(groups, rows):
            yield Partition(number, path, start, size)
            number, start = number + 1, start + size


def _sizes(groups: Sequence[int], rows: int) -> Iterator[int]:
    """Join small row groups, cut large ones; a table of nobody is one partition of nobody."""
    held = 0
    for group in groups:
        if held and held + group > rows:
            yield held
            held = 0
        held += group
        while held >= rows * 2:  # decoding begins with the group, so that each cut costs
            yield rows
            held -= rows
    if held or not sum(groups):
        yield held


def run_partition(plan: Plan, partition: Partition) -> Done:
    """Read one partition, reckon it, count it, and lay out what is to be written."""
    known = yaml_files.vocabulary()
    scan = pl.scan_parquet(partition.file).slice(partition.start, partition.rows)
    frame = scan.select(plan.columns).collect()
    outside = strangers(frame, known) if frame.height else {}
    if outside:
        frame = without_strangers(frame, outside, known)
    answered = settled(frame.lazy().select(pl.col(ID), *plan.outcomes), plan.bonds, "r{}", "g{}")
    named = (pl.col(f"r{at}").alias(code) for at, code in enumerate(plan.codes))
    outcomes = answered.select(ID, *named).collect()
    counts = {code: (outcomes[code].sum(), outcomes[code].null_count()) for code in plan.codes}
    mark = {"people": frame.height, "counts": counts, "outside": outside}
    if not frame.height:
        return Done(mark, dict.fromkeys(RESULTS))
    groups = (
        parquet_outcomes.outcomes_group(outcomes, ID),
        parquet_outcomes.pairs_group(outcomes, ID),
    )
    return Done(mark, dict(zip(RESULTS, groups, strict=True)))


def _counts(order: Order, marks: Sequence[Mapping[str, Any]], notes: dict[str, Any]) -> dict[str, Any]:  # fmt: skip
    """Add up what the partitions counted."""
    people, counts, outside = 0, {rule.code: [0, 0] for rule in order.rules}, dict[str, int]()
    for mark in marks:
        people += mark["people"]
        for code, (yes, unknown) in mark["counts"].items():
            counts[code][0] += yes
            counts[code][1] += unknown
        for name, number in mark["outside"].items():
            outside[name] = outside.get(name, 0) + number
    for name, number in outside.items():
        order.say(f"{name}: {number:,} values outside its bounds, counted as unknown")
    return counted(order, ENGINE, people, counts, {**notes, "outside": outside})
