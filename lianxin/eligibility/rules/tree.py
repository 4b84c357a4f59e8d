"""What a rule is once read: a tree of few kinds of nodes, each knowing its place in the text.

A policy's rule is a Boolean SQL predicate over facts and parameters. SQL was chosen because its
three-valued logic says *unknown* by itself, because officers of a federation's statistics office
can read it, and because databases and data-frame engines run it unchanged. Only this tree is ever
run or written out again; an author's own text never is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

Place = tuple[int, int]  # first character, one past the last
MOST_PARTS = 300
Plain = bool | int | Decimal | str | dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Base of all nodes."""

    place: Place = field(compare=False)

    def parts(self) -> tuple[Node, ...]:
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal(Node):
    value: Plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Name(Node):
    """A fact or a parameter."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf(Node):
    """The day the rule is asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before(Node):
    """`years_before(as_of, n)`, `months_before`, `days_before`: a day, folded before a run."""

    unit: str  # years, months, days
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Not(Node):
    of: Node

    def parts(self) -> tuple[Node, ...]:
        return (self.of,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Every(Node):
    """AND of two or more."""

    of: tuple[Node, ...]

    def parts(self) -> tuple[Node, ...]:
        return self.of


@dataclass(frozen=True, slots=True, kw_only=True)
class Either(Node):
    """OR of two or more."""

    of: tuple[Node, ...]

    def parts(self) -> tuple[Node, ...]:
        return self.of


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare(Node):
    sign: str  # = <> < <= > >=
    left: Node
    right: Node

    def parts(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Among(Node):
    """`x IN (…)` of literals only; never empty, never NULL."""

    of: Node
    choices: tuple[Literal, ...]

    def parts(self) -> tuple[Node, ...]:
        return (self.of, *self.choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum(Node):
    """Arithmetic of two numbers: + - * and / , where dividing by nothing is unknown."""

    sign: str
    left: Node
    right: Node

    def parts(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Least(Node):
    """`least(a, b, …)` or `greatest(…)`; unknown if any part is, in every engine."""

    name: str
    of: tuple[Node, ...]

    def parts(self) -> tuple[Node, ...]:
        return self.of


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Node):
    """`CASE WHEN … THEN … ELSE … END`, for amounts; an unknown condition makes it unknown."""

    whens: tuple[tuple[Node, Node], ...]
    otherwise: Node

    def parts(self) -> tuple[Node, ...]:
        return (*(node for pair in self.whens for node in pair), self.otherwise)


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it, in the order of the text; however deep, without calling itself."""
    ahead = [node]
    while ahead:
        part = ahead.pop()
        yield part
        ahead.extend(reversed(part.parts()))


def sized(node: Node) -> Node:
    """Return a rule that has no more parts than whoever walks down it can bear.

    Raises:
        RuleError: it has more.
    """
    for count, _part in enumerate(walk(node), start=1):
        if count > MOST_PARTS:
            raise RuleError(
                f"A rule has at most {MOST_PARTS} parts; split it into two policies.", node.place
            )
    return node


def names(node: Node) -> tuple[str, ...]:
    """List the facts and parameters a rule asks for, each once, in the order of the text."""
    return tuple(dict.fromkeys(part.name for part in walk(node) if isinstance(part, Name)))


class RuleError(ValueError):
    """A rule that is not accepted; `place` says where, `message` says what to do about it."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.message = message
        self.place = place

    def pointed(self, text: str) -> str:
        """Draw the line of the rule with a caret under the place."""
        start, end = self.place
        head = text.rfind("\n", 0, start) + 1
        tail = text.find("\n", start)
        line = text[head : tail if tail >= 0 else len(text)]
        width = max(1, min(end, head + len(line)) - start)
        return f"{line}\n{' ' * (start - head)}{'^' * width} {self.message}"
