"""Writes a checked rule as SQL: the same meaning on SQLite, PostgreSQL, DuckDB and Spark.

The text comes from the tree, never from the author. Where engines differ the difference is
written away: fractions are doubles everywhere, a division by nothing is NULL, LEAST and CASE give
NULL when a part is NULL.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from lianxin.eligibility.rules import tree
from lianxin.eligibility.rules.closing import day_before
from lianxin.eligibility.rules.tree import Node, Plain

DIALECTS = ("sqlite", "postgresql", "duckdb", "spark")
Parameters = Mapping[str, Plain | None]


class Printer:
    """Writes for one dialect and one day, with parameters put in as literals."""

    def __init__(self, dialect: str, as_of: dt.date, parameters: Parameters | None = None) -> None:
        if dialect not in DIALECTS:
            raise ValueError(f"no dialect {dialect}")
        self.dialect = dialect
        self.as_of = as_of
        self.parameters = parameters or {}

    def write(self, node: Node) -> str:  # noqa: C901, PLR0911, PLR0912  (one case a kind of node)
        """Return the SQL of a checked rule, fully bracketed."""
        match node:
            case tree.Literal():
                return self.literal(node.value)
            case tree.Name():
                return self.name(node.name)
            case tree.AsOf():
                return self.literal(self.as_of)
            case tree.Before():
                return self.literal(day_before(self.as_of, node.unit, node.count))
            case tree.Not():
                return f"(NOT {self.write(node.of)})"
            case tree.Every():
                return self.joined(" AND ", node.of)
            case tree.Either():
                return self.joined(" OR ", node.of)
            case tree.Compare():
                return f"({self.write(node.left)} {node.sign} {self.write(node.right)})"
            case tree.Among():
                choices = ", ".join(self.write(choice) for choice in node.choices)
                return f"({self.write(node.of)} IN ({choices}))"
            case tree.Sum():
                return self.sum(node)
            case tree.Least():
                return self.least(node)
            case tree.Case():
                return self.case(node)
        raise TypeError(type(node).__name__)

    def literal(self, value: Plain | None) -> str:
        if value is None:
            return "NULL"
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, Decimal):
            return self.double(repr(float(value)))
        if isinstance(value, int):
            return str(value) if value >= 0 else f"({value})"
        if isinstance(value, dt.date):
            # SQLite keeps days as ISO text, which sorts as days do.
            return (
                f"'{value.isoformat()}'"
                if self.dialect == "sqlite"
                else f"DATE '{value.isoformat()}'"
            )
        return self.text(value)

    def text(self, value: str) -> str:
        # Spark reads backslashes in texts as escapes.
        plain = value.replace("\\", "\\\\") if self.dialect == "spark" else value
        return "'" + plain.replace("'", "\\'" if self.dialect == "spark" else "''") + "'"

    def name(self, name: str) -> str:
        if name in self.parameters:
            return self.literal(self.parameters[name])
        return f"`{name}`" if self.dialect == "spark" else f'"{name}"'

    def joined(self, word: str, parts: tuple[Node, ...]) -> str:
        return "(" + word.join(self.write(part) for part in parts) + ")"

    def double(self, sql: str) -> str:
        kind = {"sqlite": "REAL", "spark": "DOUBLE"}.get(self.dialect, "DOUBLE PRECISION")
        return f"CAST({sql} AS {kind})"

    def sum(self, node: tree.Sum) -> str:
        left, right = self.write(node.left), self.write(node.right)
        if node.sign == "/":
            return f"({self.double(left)} / NULLIF({self.double(right)}, 0))"
        return f"({left} {node.sign} {right})"

    def least(self, node: tree.Least) -> str:
        sign = "<=" if node.name == "least" else ">="
        best = self.write(node.of[0])
        for part in node.of[1:]:
            other = self.write(part)
            # With a NULL on either side both conditions are NULL, and so is the whole.
            best = f"(CASE WHEN {best} {sign} {other} THEN {best} WHEN NOT ({best} {sign} {other}) THEN {other} END)"
        return best

    def case(self, node: tree.Case) -> str:
        whens = "".join(
            f" WHEN ({self.write(when)}) IS NULL THEN NULL WHEN {self.write(when)} THEN {self.write(then)}"
            for when, then in node.whens
        )
        return f"(CASE{whens} ELSE {self.write(node.otherwise)} END)"
