"""Checks the kinds in a rule: what may stand beside what, and that no number can run over.

Engines differ where kinds are loose: text against number, whole division, products beyond 64 bits,
equality of fractions. Whatever they could differ on is refused here, so that one rule means the
same in a phone's page and over a nation's table.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from lianxin.eligibility.rules import tree
from lianxin.eligibility.rules.tree import Node, Place, RuleError

# Every whole number up to here is exact as an IEEE 754 double, and far inside 64 bits.
LARGEST = 2**53


class Kind(StrEnum):
    BOOLEAN = "boolean"
    WHOLE = "whole"
    MONEY = "money"  # whole fen
    REAL = "real"  # IEEE 754 double
    DATE = "date"
    CHOICE = "choice"
    TEXT = "text"


NUMBERS = frozenset({Kind.WHOLE, Kind.MONEY, Kind.REAL})


@dataclass(frozen=True, slots=True)
class Known:
    """One fact or parameter a rule may name: its kind, bounds (numbers) or choices (codes)."""

    kind: Kind
    minimum: int = 0
    maximum: int = 10**12
    choices: frozenset[str] = frozenset()
    is_parameter: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What checking found of a node: its kind, and for numbers how small and large it can be."""

    kind: Kind
    low: float = 0
    high: float = 0
    is_literal: bool = False
    is_money: bool = False
    choices: frozenset[str] = frozenset()


Vocabulary = Mapping[str, Known]


def check(node: Node, known: Vocabulary) -> None:
    """Accept a rule: a Boolean over declared names.

    Raises:
        RuleError: it points at the place that does not fit.
    """
    tree.sized(node)
    found = _found(node, known)
    if found.kind is not Kind.BOOLEAN or found.is_literal:
        raise RuleError("A rule answers yes or no; compare this with something.", node.place)


def check_amount(node: Node, known: Vocabulary) -> None:
    """Accept an amount: money, or a plain number of fen.

    Raises:
        RuleError: it points at the place that does not fit.
    """
    tree.sized(node)
    if _found(node, known).kind not in NUMBERS:
        raise RuleError("An amount is a number of fen.", node.place)


def _found(node: Node, known: Vocabulary) -> Found:  # noqa: C901, PLR0911  (one case a kind of node)
    match node:
        case tree.Literal():
            return _literal(node.value, node.place)
        case tree.Name():
            return _name(node, known)
        case tree.AsOf() | tree.Before():
            return Found(Kind.DATE)
        case tree.Not() | tree.Every() | tree.Either():
            for part in node.parts():
                _needs_boolean(part, known)
            return Found(Kind.BOOLEAN)
        case tree.Compare():
            return _compare(node, known)
        case tree.Among():
            return _among(node, known)
        case tree.Sum():
            return _sum(node, known)
        case tree.Least():
            return _least(node, known)
        case tree.Case():
            return _case(node, known)
    raise RuleError("This cannot stand in a rule.", node.place)


def _literal(value: tree.Plain, place: Place) -> Found:
    match value:
        case bool():
            return Found(Kind.BOOLEAN, is_literal=True)
        case int():
            _within(abs(value), place)
            return Found(Kind.WHOLE, value, value, is_literal=True)
        case Decimal():
            _within(abs(value), place)
            if value and not float(value):
                raise RuleError("This number is too small to be told from nothing.", place)
            return Found(Kind.REAL, float(value), float(value), is_literal=True)
        case dt.date():
            return Found(Kind.DATE, is_literal=True)
        case str():
            return Found(Kind.TEXT, is_literal=True)


def _name(node: tree.Name, known: Vocabulary) -> Found:
    fact = known.get(node.name)
    if fact is None:
        near = difflib.get_close_matches(node.name, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise RuleError(f"There is no fact or parameter {node.name}.{hint}", node.place)
    return Found(
        fact.kind,
        fact.minimum,
        fact.maximum,
        is_money=fact.kind is Kind.MONEY,
        choices=fact.choices,
    )


def _needs_boolean(node: Node, known: Vocabulary) -> None:
    found = _found(node, known)
    if found.kind is not Kind.BOOLEAN:
        raise RuleError("Only conditions can be joined; compare this with something.", node.place)
    if found.is_literal:
        raise RuleError("TRUE or FALSE alone is no condition.", node.place)


def _compare(node: tree.Compare, known: Vocabulary) -> Found:
    left, right = _found(node.left, known), _found(node.right, known)
    if left.is_literal and right.is_literal:
        raise RuleError("This is the same for everybody.", node.place)
    if node.left == node.right:
        raise RuleError("A thing compared with itself is the same for everybody.", node.place)
    _comparable(left, right, node)
    if node.sign not in {"=", "<>"}:
        if left.kind in {Kind.BOOLEAN, Kind.CHOICE, Kind.TEXT}:
            raise RuleError("Codes, texts and yes-or-no have no order; use = or IN.", node.place)
    elif Kind.REAL in {left.kind, right.kind}:
        raise RuleError("Fractions are never compared with = ; use <= or >= .", node.place)
    return Found(Kind.BOOLEAN)


def _comparable(left: Found, right: Found, node: tree.Compare) -> None:
    for one, other, at in ((left, right, node.right), (right, left, node.left)):
        if one.kind is Kind.CHOICE and other.is_literal and isinstance(at, tree.Literal):
            _is_choice(at, one.choices)
            return
    if left.kind in NUMBERS and right.kind in NUMBERS:
        _same_unit(left, right, node.place)
        return
    if left.kind is not right.kind or (left.kind is Kind.CHOICE and left.choices != right.choices):
        raise RuleError(
            f"{left.kind.value} cannot be compared with {right.kind.value}.", node.place
        )


def _same_unit(left: Found, right: Found, place: Place) -> None:
    """A literal takes the unit of what it stands beside; anything else must share it."""
    if left.is_money is not right.is_money and not (left.is_literal or right.is_literal):
        raise RuleError("Money (in fen) cannot stand beside a plain number.", place)


def _is_choice(literal: tree.Literal, choices: frozenset[str]) -> None:
    if literal.value not in choices:
        near = difflib.get_close_matches(str(literal.value), choices, n=1)
        offered = near[0] if near else ", ".join(sorted(choices)[:8])
        raise RuleError(
            f"{literal.value!r} is none of its codes; there is {offered}.", literal.place
        )


def _among(node: tree.Among, known: Vocabulary) -> Found:
    of = _found(node.of, known)
    if of.is_literal:
        raise RuleError("This is the same for everybody.", node.place)
    if of.kind in {Kind.REAL, Kind.BOOLEAN}:
        raise RuleError("IN is for codes, texts, whole numbers and days.", node.of.place)
    for choice in node.choices:
        if of.kind is Kind.CHOICE:
            _is_choice(choice, of.choices)
            continue
        kind = _found(choice, known).kind
        if kind is not of.kind and not (of.kind is Kind.MONEY and kind is Kind.WHOLE):
            raise RuleError(f"{of.kind.value} cannot be compared with {kind.value}.", choice.place)
    return Found(Kind.BOOLEAN)


def _sum(node: tree.Sum, known: Vocabulary) -> Found:
    left, right = _number(node.left, known), _number(node.right, known)
    if node.sign in "+-":
        _same_unit(left, right, node.place)
        low, high = (
            (left.low + right.low, left.high + right.high)
            if node.sign == "+"
            else (left.low - right.high, left.high - right.low)
        )
        return _bounded(_joined(left, right, low, high), node.place)
    if node.sign == "*":
        if left.is_money and right.is_money:
            raise RuleError("Money times money is no sum of money.", node.place)
        corners = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
        return _bounded(_joined(left, right, min(corners), max(corners)), node.place)
    return _quotient(left, right, node)


def _quotient(left: Found, right: Found, node: tree.Sum) -> Found:
    if right.kind is Kind.REAL and not right.is_literal:
        raise RuleError(
            "Divide by whole numbers only; a fraction near zero has no bound.", node.right.place
        )
    if right.is_literal and right.low == 0:
        raise RuleError("Dividing by zero is unknown for everybody.", node.right.place)
    smallest = min(1, abs(right.low)) if right.is_literal else 1
    reach = max(abs(left.low), abs(left.high)) / smallest
    is_money = left.is_money and not right.is_money
    return _bounded(Found(Kind.REAL, -reach, reach, is_money=is_money), node.place)


def _number(node: Node, known: Vocabulary) -> Found:
    found = _found(node, known)
    if found.kind not in NUMBERS:
        raise RuleError("Only numbers can be reckoned with.", node.place)
    return found


def _joined(left: Found, right: Found, low: float, high: float) -> Found:
    """Two numbers made one: a fraction makes it a fraction, money makes it money."""
    is_money = left.is_money or right.is_money
    kind = Kind.MONEY if is_money else Kind.WHOLE
    if Kind.REAL in {left.kind, right.kind}:
        kind = Kind.REAL
    return Found(
        kind, low, high, is_literal=left.is_literal and right.is_literal, is_money=is_money
    )


def _widest(found: list[Found], place: Place) -> Found:
    """One of several numbers: all of one unit, as small as the smallest, as large as the largest."""
    whole = found[0]
    for other in found[1:]:
        _same_unit(whole, other, place)
        whole = _joined(whole, other, min(whole.low, other.low), max(whole.high, other.high))
    return whole


def _least(node: tree.Least, known: Vocabulary) -> Found:
    return _widest([_number(part, known) for part in node.of], node.place)


def _case(node: tree.Case, known: Vocabulary) -> Found:
    for condition, _value in node.whens:
        _needs_boolean(condition, known)
    values = [*(value for _condition, value in node.whens), node.otherwise]
    found = _widest([_number(value, known) for value in values], node.place)
    return replace(found, is_literal=False)


def _bounded(found: Found, place: Place) -> Found:
    _within(max(abs(found.low), abs(found.high)), place)
    return found


def _within(largest: float | Decimal, place: Place) -> None:
    if not largest <= LARGEST:
        raise RuleError("This number can grow too large to be exact.", place)
