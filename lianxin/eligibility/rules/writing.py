"""Writes a rule's tree as the text an author would have typed: how conditions are assembled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from lianxin.eligibility.rules import tree
from lianxin.eligibility.rules.explaining import conditions_of
from lianxin.eligibility.rules.reading import read
from lianxin.eligibility.rules.tree import Node

# How tightly each kind of node binds; what binds less stands in brackets.
_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _SINGLE = range(7)


def write(node: Node) -> str:
    """Write a rule that reads back as the same tree."""
    return _written(node, 0)


def join(conditions: Sequence[str]) -> str:
    """Join conditions so that each stays one of its own."""
    return "\n".join(
        f"{'AND ' if at else ''}{_written(read(each), _NOT)}" for at, each in enumerate(conditions)
    )


def split(text: str) -> list[str]:
    """Split a rule into its conditions; of an empty one there are none.

    Raises:
        RuleError: the text is not a rule.
    """
    return [write(each) for each in conditions_of(read(text))] if text.strip() else []


def any_of(one: str, other: str) -> str:
    """Make one condition of two: either is enough."""
    return write(tree.Either(of=(*_parts(read(one)), *_parts(read(other))), place=(0, 0)))


def turned(text: str) -> str:
    """Turn a condition round; turned again it is what it was."""
    node = read(text)
    return write(node.of if isinstance(node, tree.Not) else tree.Not(of=node, place=(0, 0)))


def _parts(node: Node) -> tuple[Node, ...]:
    return node.of if isinstance(node, tree.Either) else (node,)


def literal(value: tree.Plain) -> str:
    """Write a plain value."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value)


def _written(node: Node, around: int) -> str:
    text, own = _bare(node)
    return f"({text})" if own < around else text


def _bare(node: Node) -> tuple[str, int]:  # noqa: C901, PLR0911, PLR0912  (one case a kind of node)
    match node:
        case tree.Literal():
            return literal(node.value), _SINGLE
        case tree.Name():
            return node.name, _SINGLE
        case tree.AsOf():
            return "as_of", _SINGLE
        case tree.Before():
            return f"{node.unit}_before(as_of, {node.count})", _SINGLE
        case tree.Not():
            return f"NOT {_written(node.of, _NOT)}", _NOT
        case tree.Every():
            return " AND ".join(_written(each, _NOT) for each in node.of), _AND
        case tree.Either():
            return " OR ".join(_written(each, _AND) for each in node.of), _OR
        case tree.Compare():
            return f"{_written(node.left, _SUM)} {node.sign} {_written(node.right, _SUM)}", _COMPARE
        case tree.Among():
            choices = ", ".join(literal(each.value) for each in node.choices)
            return f"{_written(node.of, _SUM)} IN ({choices})", _COMPARE
        case tree.Sum():
            return _sum(node)
        case tree.Least():
            return f"{node.name}({', '.join(_written(each, _SUM) for each in node.of)})", _SINGLE
        case tree.Case():
            return _case(node), _SINGLE
    raise TypeError(type(node).__name__)


def _sum(node: tree.Sum) -> tuple[str, int]:
    own = _SUM if node.sign in "+-" else _PRODUCT
    # What is taken away or divided by keeps its brackets: a - (b - c) is not a - b - c.
    return f"{_written(node.left, own)} {node.sign} {_written(node.right, own + 1)}", own


def _case(node: tree.Case) -> str:
    whens = " ".join(f"WHEN {write(when)} THEN {_written(then, _SUM)}" for when, then in node.whens)
    return f"CASE {whens} ELSE {_written(node.otherwise, _SUM)} END"
