"""Evaluates checked rules over whole columns with Polars; commands alone import this module.

The same three values as everywhere: a null is *unknown*. Where Polars differs from SQL (a condition
that is null counts as not met in `when`, horizontal minima pass over nulls) the difference is
written away, as in the printer of SQL.
"""

from __future__ import annotations

import datetime as dt
import functools
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from lianxin.eligibility.rules import tree
from lianxin.eligibility.rules.checking import Kind, Known
from lianxin.eligibility.rules.closing import day_before
from lianxin.eligibility.rules.excluding import Plan, ruling
from lianxin.eligibility.rules.tree import Node, Plain

DTYPES: dict[Kind, pl.DataType] = {
    Kind.BOOLEAN: pl.Boolean(), Kind.WHOLE: pl.Int64(), Kind.MONEY: pl.Int64(), Kind.REAL: pl.Float64(),
    Kind.DATE: pl.Date(), Kind.CHOICE: pl.String(), Kind.TEXT: pl.String(),
}  # fmt: skip
_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge, "+": operator.add, "-": operator.sub, "*": operator.mul,
}  # fmt: skip
_WHOLE = frozenset({Kind.WHOLE, Kind.MONEY})


class ColumnError(ValueError):
    """A column that cannot be the fact of its name; the message says why."""


class Expressions:
    """Writes expressions for one day; parameters go in as literals, facts as columns."""

    def __init__(self, as_of: dt.date, parameters: Mapping[str, Plain | None]) -> None:
        self.as_of = as_of
        self.parameters = parameters

    def write(self, node: Node) -> pl.Expr:  # noqa: C901, PLR0911, PLR0912  (one case a kind of node)
        """Return the expression of a checked rule."""
        match node:
            case tree.Literal():
                return _literal(node.value)
            case tree.Name():
                if node.name in self.parameters:
                    return _literal(self.parameters[node.name])
                return pl.col(node.name)
            case tree.AsOf():
                return pl.lit(self.as_of)
            case tree.Before():
                return pl.lit(day_before(self.as_of, node.unit, node.count))
            case tree.Not():
                return ~self.write(node.of)
            case tree.Every():
                return functools.reduce(operator.and_, map(self.write, node.of))
            case tree.Either():
                return functools.reduce(operator.or_, map(self.write, node.of))
            case tree.Compare():
                return _two(node.sign, self.write(node.left), self.write(node.right))
            case tree.Among():
                return self.among(node)
            case tree.Sum():
                return self.sum(node)
            case tree.Least():
                return self.least(node)
            case tree.Case():
                return self.case(node)
        raise TypeError(type(node).__name__)

    def among(self, node: tree.Among) -> pl.Expr:
        of = self.write(node.of)
        if len(node.choices) <= 4:
            # Few comparisons are quicker than a look-up, and as null as their column.
            return functools.reduce(
                operator.or_, (of == _literal(choice.value) for choice in node.choices)
            )
        return of.is_in([choice.value for choice in node.choices])

    def sum(self, node: tree.Sum) -> pl.Expr:
        left, right = self.write(node.left), self.write(node.right)
        if node.sign == "/":
            below = right.cast(pl.Float64)
            if not (isinstance(node.right, tree.Literal) and node.right.value):
                below = pl.when(below != 0).then(below)
            return left.cast(pl.Float64) / below
        return _two(node.sign, left, right)

    def least(self, node: tree.Least) -> pl.Expr:
        sign = _SIGNS["<=" if node.name == "least" else ">="]
        best = self.write(node.of[0])
        for part in node.of[1:]:
            other = self.write(part)
            is_best = sign(best, other)
            best = pl.when(is_best).then(best).when(~is_best).then(other)
        return best

    def case(self, node: tree.Case) -> pl.Expr:
        made = self.write(node.otherwise)
        for when, then in reversed(node.whens):
            condition = self.write(when)
            made = pl.when(condition).then(self.write(then)).when(~condition).then(made)
        return made


def _literal(value: Plain | None) -> pl.Expr:
    match value:
        case None:
            return pl.lit(None)
        case bool():
            return pl.lit(value, dtype=pl.Boolean)
        case Decimal():
            return pl.lit(float(value), dtype=pl.Float64)
        case int():
            return pl.lit(value, dtype=pl.Int64)
        case _:
            return pl.lit(value)


def _two(sign: str, left: pl.Expr, right: pl.Expr) -> pl.Expr:
    made: pl.Expr = _SIGNS[sign](left, right)
    return made


def settled(frame: pl.LazyFrame, plan: Plan[int], answer: str, granted: str) -> pl.LazyFrame:
    """Let policies that do not go together yield to each other: columns of answers and of grants.

    `answer` and `granted` name the columns of a policy by its place.
    """
    for level in plan.levels:
        frame = frame.with_columns(
            pl.col(answer.format(step.at))
            & ~functools.reduce(operator.or_, (pl.col(name).fill_null(value=False) for name in ruling(step, answer, granted)))
            for step in level
        )  # fmt: skip
    return frame


def null_of(kind: Kind) -> pl.Expr:
    """A fact nobody brought: unknown for everybody, and of its kind."""
    return pl.lit(None, dtype=DTYPES[kind])


def column(name: str, dtype: pl.DataType, known: Known) -> pl.Expr:
    """Take a column of a file as a fact of its kind.

    Raises:
        ColumnError: its type cannot hold such a fact.
    """
    wanted, found = DTYPES[known.kind], pl.col(name)
    if dtype == wanted:
        made = found
    elif (
        isinstance(dtype, pl.Null)
        or (known.kind in _WHOLE and dtype.is_integer())
        or (known.kind is Kind.REAL and dtype.is_numeric())
    ):
        made = found.cast(wanted)
    elif known.kind in _WHOLE and dtype.is_float():
        # Spreadsheets and data frames keep whole numbers with gaps as fractions.
        made = pl.when(found == found.round()).then(found).cast(wanted, strict=False)
    elif known.kind is Kind.DATE and isinstance(dtype, pl.Datetime):
        made = found.cast(wanted)
    elif known.kind is Kind.DATE and isinstance(dtype, pl.String):
        made = found.str.to_date("%Y-%m-%d", strict=False)
    elif known.kind in {Kind.CHOICE, Kind.TEXT} and (
        isinstance(dtype, pl.Categorical | pl.Enum) or dtype.is_integer()
    ):
        made = found.cast(wanted)
    else:
        raise ColumnError(f"The column {name} holds {dtype}; the fact is of kind {known.kind}.")
    return made.alias(name)


def strangers(frame: pl.DataFrame, known: Mapping[str, Known]) -> dict[str, int]:
    """Count the numbers outside the bounds of their facts, by name: they count as unknown."""
    numbers = [
        name for name in frame.columns if name in known and known[name].kind in {*_WHOLE, Kind.REAL}
    ]
    ends = frame.select(
        *(pl.col(name).min().alias(f"{name}<") for name in numbers),
        *(pl.col(name).max().alias(f"{name}>") for name in numbers),
        *(pl.col(name).is_nan().any().alias(f"{name}?") for name in numbers if known[name].kind is Kind.REAL),
    ).row(0, named=True)  # fmt: skip
    suspects = [
        name
        for name in numbers
        if ends.get(f"{name}?")
        or (ends[f"{name}<"] is not None and ends[f"{name}<"] < known[name].minimum)
        or (ends[f"{name}>"] is not None and ends[f"{name}>"] > known[name].maximum)
    ]
    if not suspects:
        return {}
    counted = frame.select((~_inside(name, known[name])).sum() for name in suspects)
    return {name: int(count) for name, count in counted.row(0, named=True).items() if count}


def _inside(name: str, known: Known) -> pl.Expr:
    found = pl.col(name)
    within = found.is_between(known.minimum, known.maximum)
    return within & found.is_not_nan() if known.kind is Kind.REAL else within


def without_strangers(frame: pl.DataFrame, names: Mapping[str, int], known: Mapping[str, Known]) -> pl.DataFrame:  # fmt: skip
    """Make what lies outside its bounds unknown: sums over it could run over."""
    return frame.with_columns(
        pl.when(_inside(name, known[name])).then(pl.col(name)).alias(name) for name in names
    )
