"""Finds with Polars what fits each of many people, or would if one more thing were known.

One pass over the columns answers all conditions of all policies; only what is found comes out as
rows. Never imported by a web worker.
"""

from __future__ import annotations

import datetime as dt
import functools
import io
import operator
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.adapters.polars_engine import DTYPES, Expressions, settled
from lianxin.eligibility.adapters.sought import (
    FITS,
    NUMBER,
    UNION,
    WITHOUT,
    Found,
    Sought,
    bits_of,
    is_of_law,
    plan_for,
)
from lianxin.eligibility.adapters.workspace import Workspace

_BOOLEAN = pl.Boolean


class PolarsFinder:
    """Finds on this machine, file by file."""

    def keep(self, workspace: Workspace, name: str, columns: Mapping[str, Sequence[object]], unions: Sequence[str], without: Sequence[int] = ()) -> None:  # fmt: skip
        workspace.keep(name, to_parquet(columns, unions, without))

    def find(self, workspace: Workspace, names: Sequence[str], policies: Sequence[Sought], as_of: dt.date) -> Iterator[tuple[str, Found]]:  # fmt: skip
        for name in names:
            yield name, find(workspace.take(name), policies, as_of)


def to_parquet(columns: Mapping[str, Sequence[object]], unions: Sequence[str], without: Sequence[int] = ()) -> bytes:  # fmt: skip
    """Write facts, one list a fact, as a table of numbered people."""
    known = yaml_files.vocabulary()
    series = [
        pl.Series(name, values, dtype=DTYPES[known[name].kind], strict=True)
        for name, values in columns.items()
    ]
    numbered = pl.Series(NUMBER, range(len(unions)), dtype=pl.UInt32)
    refused = pl.Series(WITHOUT, without or [0] * len(unions), dtype=pl.UInt32)
    own = [numbered, pl.Series(UNION, unions, dtype=pl.Categorical), refused]
    frame = pl.DataFrame([*own, *series])
    out = io.BytesIO()
    frame.write_parquet(out, compression="lz4", statistics=False)
    return out.getvalue()


def find(table: bytes, policies: Sequence[Sought], as_of: dt.date) -> Found:
    """Ask every policy about every row of a table in one pass."""
    frame = pl.read_parquet(io.BytesIO(table)).with_columns(pl.col(UNION).cast(pl.String))
    asked = frame.lazy().with_columns(
        each for at, one in enumerate(policies) for each in _conditions(at, one, as_of)
    )
    bits = bits_of(policies)
    wholes = (each for at, one in enumerate(policies) for each in _whole(at, one, bits[one.purpose]))  # fmt: skip
    asked = settled(asked.with_columns(wholes), plan_for(policies), "{}", "{}granted")
    answered = asked.select(
        NUMBER, UNION, *(each for at, one in enumerate(policies) for each in _answers(at, one))
    ).collect()
    return Found(list(_rows(answered, len(policies))), _counts(answered, len(policies)))


def _conditions(at: int, one: Sought, as_of: dt.date) -> Iterator[pl.Expr]:
    writer = Expressions(as_of, one.law)
    for number, condition in enumerate(one.conditions):
        yield writer.write(condition.node).cast(_BOOLEAN).alias(f"{at}.{number}")
    if one.granted is not None:
        yield writer.write(one.granted).cast(_BOOLEAN).alias(f"{at}granted?")


def _whole(at: int, one: Sought, bit: int) -> Iterator[pl.Expr]:
    """Its answer by itself, and whether it was granted; neither where it does not hold.

    It does not where another version is nearer, nor for whoever said no to its kind of help.
    """
    holds = _covers(one.region) & ((pl.col(WITHOUT) & bit) == 0)
    for each in one.nearer:
        holds = holds & ~_covers(each)
    asked = [pl.col(f"{at}.{number}") for number in range(len(one.conditions))]
    yield (holds & functools.reduce(operator.and_, asked)).alias(f"{at}")
    if one.granted is not None:
        yield (holds & pl.col(f"{at}granted?")).alias(f"{at}granted")


def _answers(at: int, one: Sought) -> Iterator[pl.Expr]:
    """Whether it fits, whether it is unknown, and the verdict (null where there is nothing to keep)."""
    asked = [pl.col(f"{at}.{number}") for number in range(len(one.conditions))]
    whole = pl.col(f"{at}")
    fits, unknown = whole.fill_null(value=False), whole.is_null()
    gaps = [(name, asked[number].is_null() & _is_missing(name, one)) for number, name in one.gaps]
    missing = {name: [gap for own, gap in gaps if own == name] for name, _gap in gaps}
    number_missing = pl.sum_horizontal(
        _any(each).cast(pl.UInt16) for each in missing.values()
    ) if missing else pl.lit(0)  # fmt: skip
    speaks = [
        answer.fill_null(value=False)
        for answer, condition in zip(asked, one.conditions, strict=True)
        if condition.is_told
    ]
    nearly = unknown & (number_missing == 1) & _any(speaks)
    verdict: Any = pl.when(fits).then(pl.lit(FITS, pl.UInt16))
    for place, (name, gap) in enumerate(gaps, start=1):
        if not is_of_law(name):
            verdict = verdict.when(nearly & gap).then(pl.lit(place, pl.UInt16))
    yield fits.alias(f"{at}+")
    yield unknown.alias(f"{at}?")
    yield verdict.otherwise(None).alias(f"{at}!")


def _is_missing(name: str, one: Sought) -> pl.Expr:
    if name in one.law:
        return pl.lit(one.law[name] is None)
    return pl.col(name).is_null()


def _any(parts: Sequence[pl.Expr]) -> pl.Expr:
    return functools.reduce(operator.or_, parts, pl.lit(value=False))


def _covers(region: str) -> pl.Expr:
    if region == "*":
        return pl.lit(value=True)
    return (pl.col(UNION) == region) | pl.col(UNION).str.starts_with(f"{region}-")


def _rows(answered: pl.DataFrame, policies: int) -> Iterator[tuple[int, int, int]]:
    for at in range(policies):
        kept = answered.select(NUMBER, f"{at}!").drop_nulls()
        for number, verdict in kept.iter_rows():
            yield number, at, verdict


def _counts(answered: pl.DataFrame, policies: int) -> dict[str, list[int]]:
    columns = [f"{at}{sign}" for at in range(policies) for sign in "+?"]
    by_union = answered.group_by(UNION).agg(pl.len(), *(pl.col(name).sum() for name in columns))
    return {union: list(numbers) for union, *numbers in by_union.iter_rows()}
