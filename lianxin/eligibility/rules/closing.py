"""Turns a checked rule into Python functions: one person's answer in microseconds.

Three values: True, False, and None for *unknown* (Kleene's logic, as in SQL). No fact that is not
known ever counts as zero, empty or false.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from lianxin.eligibility.rules import tree
from lianxin.eligibility.rules.tree import Node

Values = Mapping[str, Any]
Closed = Callable[[Values], Any]
_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge, "+": operator.add, "-": operator.sub, "*": operator.mul,
}  # fmt: skip


def close(node: Node, as_of: dt.date) -> Closed:  # noqa: C901, PLR0911, PLR0912  (one case a kind of node)
    """Compile a checked rule for one day; call the result with facts and parameters by name."""
    match node:
        case tree.Literal():
            return _constant(float(node.value) if isinstance(node.value, Decimal) else node.value)
        case tree.Name():
            name = node.name
            return lambda values: values.get(name)
        case tree.AsOf():
            return _constant(as_of)
        case tree.Before():
            return _constant(day_before(as_of, node.unit, node.count))
        case tree.Not():
            return _not(close(node.of, as_of))
        case tree.Every():
            return _every([close(part, as_of) for part in node.of])
        case tree.Either():
            return _either([close(part, as_of) for part in node.of])
        case tree.Compare():
            return _two(_SIGNS[node.sign], close(node.left, as_of), close(node.right, as_of))
        case tree.Among():
            return _among(close(node.of, as_of), frozenset(choice.value for choice in node.choices))
        case tree.Sum():
            sign = _divide if node.sign == "/" else _SIGNS[node.sign]
            return _two(sign, close(node.left, as_of), close(node.right, as_of))
        case tree.Least():
            return _least(
                min if node.name == "least" else max, [close(part, as_of) for part in node.of]
            )
        case tree.Case():
            whens = [(close(when, as_of), close(then, as_of)) for when, then in node.whens]
            return _case(whens, close(node.otherwise, as_of))
    raise TypeError(type(node).__name__)


def day_before(as_of: dt.date, unit: str, count: int) -> dt.date:
    """Count back from a day; the 29th of February goes back to the 28th, long months to their end."""
    if unit == "days":
        return as_of - dt.timedelta(days=count)
    months = as_of.year * 12 + as_of.month - 1 - (count * 12 if unit == "years" else count)
    year, month = divmod(months, 12)
    for day in (as_of.day, 30, 29, 28):
        try:
            return dt.date(year, month + 1, min(day, as_of.day))
        except ValueError:
            continue
    raise ValueError(as_of)


def _constant(value: Any) -> Closed:
    return lambda _values: value


def _not(of: Closed) -> Closed:
    def answer(values: Values) -> Any:
        got = of(values)
        return None if got is None else not got

    return answer


def _every(parts: list[Closed]) -> Closed:
    def answer(values: Values) -> Any:
        unknown = False
        for part in parts:
            got = part(values)
            if got is None:
                unknown = True
            elif not got:
                return False
        return None if unknown else True

    return answer


def _either(parts: list[Closed]) -> Closed:
    def answer(values: Values) -> Any:
        unknown = False
        for part in parts:
            got = part(values)
            if got is None:
                unknown = True
            elif got:
                return True
        return None if unknown else False

    return answer


def _two(sign: Callable[[Any, Any], Any], left: Closed, right: Closed) -> Closed:
    def answer(values: Values) -> Any:
        one, other = left(values), right(values)
        return None if one is None or other is None else sign(one, other)

    return answer


def _divide(one: Any, other: Any) -> Any:
    return None if other == 0 else float(one) / float(other)


def _among(of: Closed, choices: frozenset[Any]) -> Closed:
    def answer(values: Values) -> Any:
        got = of(values)
        return None if got is None else got in choices

    return answer


def _least(pick: Callable[[list[Any]], Any], parts: list[Closed]) -> Closed:
    def answer(values: Values) -> Any:
        got = [part(values) for part in parts]
        return None if None in got else pick(got)

    return answer


def _case(whens: list[tuple[Closed, Closed]], otherwise: Closed) -> Closed:
    def answer(values: Values) -> Any:
        for when, then in whens:
            got = when(values)
            if got is None:
                return None
            if got:
                return then(values)
        return otherwise(values)

    return answer
