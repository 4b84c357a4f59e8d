"""Says yes, no because, or tell us this one thing: an answer with each of its conditions.

A rule is split at its top-level ANDs. Each part is a condition with an outcome of its own; a
condition that is unknown names the facts it misses, and these are what to ask next.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lianxin.eligibility.rules import tree
from lianxin.eligibility.rules.closing import Closed, Values, close
from lianxin.eligibility.rules.tree import Node


class Outcome(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


_OUTCOMES = {True: Outcome.YES, False: Outcome.NO, None: Outcome.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Part:
    """One condition of a rule, ready to be asked."""

    code: str
    names: tuple[str, ...]
    ask: Closed


@dataclass(frozen=True, slots=True)
class Prepared:
    """A rule compiled for one day; made once, asked for every person."""

    policy: str
    parts: tuple[Part, ...]
    had: Closed | None = None  # true of whom it was granted, where that is all she may get


@dataclass(frozen=True, slots=True)
class Condition:
    """How one condition came out for one person, and which of its facts are not known."""

    code: str
    outcome: Outcome
    names: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A policy's answer for one person: the outcome, and every condition behind it."""

    policy: str
    outcome: Outcome
    conditions: tuple[Condition, ...]
    is_had: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that stand between this person and an answer; none once one condition fails."""
        if self.outcome is not Outcome.UNKNOWN:
            return ()
        return tuple(dict.fromkeys(name for each in self.conditions for name in each.missing))


def conditions_of(rule: Node) -> tuple[Node, ...]:
    """Split a rule at its top-level ANDs, however they are bracketed."""
    if isinstance(rule, tree.Every):
        return tuple(part for each in rule.of for part in conditions_of(each))
    return (rule,)


def prepare(policy: str, rule: Node, as_of: dt.date, codes: Sequence[str] = (), had: Node | None = None) -> Prepared:  # fmt: skip
    """Compile a rule for a day; conditions take their codes in order, else c1, c2 and so on.

    Of whom `had` is true the answer is no, whatever the conditions say.
    """
    split = conditions_of(rule)
    named = [codes[at] if at < len(codes) else f"c{at + 1}" for at in range(len(split))]
    parts = (
        Part(code, tree.names(node), close(node, as_of))
        for code, node in zip(named, split, strict=True)
    )
    return Prepared(policy, tuple(parts), close(had, as_of) if had else None)


def explain(rule: Prepared, values: Values) -> Answer:
    """Ask a prepared rule about one person. Facts absent from `values`, or None, are unknown."""
    found = []
    failed = unknown = False
    for part in rule.parts:
        got = part.ask(values)
        missing: tuple[str, ...] = ()
        if got is None:
            unknown = True
            missing = tuple(name for name in part.names if values.get(name) is None)
        elif not got:
            failed = True
        found.append(Condition(part.code, _OUTCOMES[got], part.names, missing))
    outcome = Outcome.NO if failed else Outcome.UNKNOWN if unknown else Outcome.YES
    if rule.had is not None and rule.had(values):
        return Answer(rule.policy, Outcome.NO, tuple(found), is_had=True)
    return Answer(rule.policy, outcome, tuple(found))


def next_questions(answers: Iterable[Answer]) -> list[str]:
    """Order the missing facts: first the one that leaves the fewest policies open.

    A fact settles a policy alone if it is the only one missing there; those count most, then how
    many open policies mention it at all, then its name, so that the order is always the same.
    """
    alone: Counter[str] = Counter()
    mentioned: Counter[str] = Counter()
    for answer in answers:
        missing = answer.missing
        mentioned.update(missing)
        if len(missing) == 1:
            alone.update(missing)
    return sorted(mentioned, key=lambda name: (-alone[name], -mentioned[name], name))
