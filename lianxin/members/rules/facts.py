"""What a fact is: its name, kind, sensitivity, who may correct it, and how long it stays fresh.

A fact is one thing known about a member (employer, household income, children). Services never
ask for what a fact answers. Each has a dictionary entry in `data/facts.yaml`; a value carries
where it came from, when it was recorded, and until when it holds. Unknown is not zero: a fact
nobody told us is simply not there.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

import msgspec

from lianxin.kit.text import Bilingual


class FactKind(StrEnum):
    TEXT = "text"
    WHOLE = "whole"
    MONEY = "money"  # fen
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    LIST = "list"  # rows of named columns
    PHONE = "phone"
    ID_NUMBER = "id_number"
    BANK_ACCOUNT = "bank_account"
    ORGANISATION = "organisation"


class FactChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    code: str
    label: Bilingual


class FactColumn(FactChoice, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One column of a list; with `choices` its cells hold one of their codes."""

    choices: list[FactChoice] = []


class FactEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One entry of the dictionary; `column` names the member's column that holds the value."""

    label: Bilingual
    kind: FactKind
    unit: Bilingual | None = None
    is_sensitive: bool = False
    may_correct: bool = True  # by the person herself; else the officer does
    purpose: str = "service"
    fresh_days: int = 0  # 0: until told otherwise
    ends_with_year: bool = False  # what is said of "this year" is over when the year is
    sources: list[str] = []
    column: str = ""
    choices: list[FactChoice] = []
    columns: list[FactColumn] = []  # of a LIST; codes ending in _on hold dates

    def holds_until(self, told_on: dt.date) -> dt.date | None:
        """Return the last day a value told on a day may be relied on, None for until told otherwise."""
        if self.ends_with_year:
            return dt.date(told_on.year, 12, 31)
        return told_on + dt.timedelta(days=self.fresh_days) if self.fresh_days else None


class Dictionary(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    sources: dict[str, Bilingual]
    facts: dict[str, FactEntry]


class Purpose(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One purpose a person may say yes to, in one sentence of one version."""

    version: str
    sentence: Bilingual
    basis: Bilingual
    consequence: Bilingual  # what no longer works without it
    is_basic: bool = False  # membership itself cannot be kept without it
    is_sensitive: bool = False  # PIPL art. 29: a yes of its own
    needs_guardian: bool = False


class FactProblem(StrEnum):
    KIND = "kind"
    CHOICE = "choice"
    RANGE = "range"


class FactValueError(ValueError):
    """The value does not fit the fact."""

    def __init__(self, problem: FactProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


LARGEST = 10**13  # fen; also what a JavaScript number and a BIGINT hold with ease
LONGEST = 2000


def to_stored(entry: FactEntry, value: Any) -> Any:
    """Turn a value into JSON and check that it fits its entry.

    Raises:
        FactValueError: it does not.
    """
    match entry.kind:
        case FactKind.WHOLE | FactKind.MONEY:
            _expect(isinstance(value, int) and not isinstance(value, bool))
            _expect(0 <= value <= LARGEST, FactProblem.RANGE)
        case FactKind.YES_NO:
            _expect(isinstance(value, bool))
        case FactKind.DATE:
            _expect(isinstance(value, dt.date) and not isinstance(value, dt.datetime))
            return value.isoformat()
        case FactKind.LIST:
            _expect(isinstance(value, list) and all(isinstance(row, dict) for row in value))
            _expect(len(value) <= 50, FactProblem.RANGE)
            codes = {column.code for column in entry.columns}
            _expect(all(set(row) <= codes for row in value))
            return [{name: _plain(cell) for name, cell in row.items()} for row in value]
        case FactKind.CHOICE:
            _expect(value in {choice.code for choice in entry.choices}, FactProblem.CHOICE)
        case _:
            _expect(isinstance(value, str))
            _expect(len(value) <= LONGEST, FactProblem.RANGE)
    return value


def from_stored(entry: FactEntry, value: Any) -> Any:
    """Turn stored JSON back into the value."""
    if entry.kind is FactKind.DATE and isinstance(value, str):
        return dt.date.fromisoformat(value)
    return value


def _plain(cell: Any) -> Any:
    if isinstance(cell, dt.date):
        return cell.isoformat()
    _expect(cell is None or isinstance(cell, str | int | bool))
    _expect(not isinstance(cell, str) or len(cell) <= LONGEST, FactProblem.RANGE)
    return cell


def _expect(holds: bool, problem: FactProblem = FactProblem.KIND) -> None:
    if not holds:
        raise FactValueError(problem)
