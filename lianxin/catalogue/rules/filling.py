"""What is known already and what is still to be asked: parting a form in two. Pure.

Nothing the union knows is asked again: a known answer stands on the page before, with where it
comes from, and may be changed there. A value that no longer fits its question is not offered.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol


class Question(Protocol):
    """What is read of a field here."""

    @property
    def code(self) -> str: ...

    @property
    def kind(self) -> str: ...


class Known(Protocol):
    """What is read of a known fact here."""

    @property
    def value(self) -> Any: ...

    @property
    def source(self) -> str: ...


def as_typed(question: Any, value: Any) -> Any:
    """Write a known value the way a person would have typed it into its question."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if question.kind == "phone" and isinstance(value, str):
        return value.removeprefix("+86")
    if question.kind == "lines" and isinstance(value, list):
        columns = {column.code: column for column in question.columns}
        return [
            {
                name: as_typed(columns[name], cell)
                for name, cell in row.items()
                if name in columns and cell is not None
            }
            for row in value
        ]
    return value


def known_answers(
    questions: Iterable[Any], facts: Mapping[str, Known]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Answer what facts answer: the answers, and where each comes from, by code of field."""
    answers: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for one in questions:
        fact = facts.get(one.prefill) if one.prefill else None
        if fact is None:
            continue
        value = as_typed(one, fact.value)
        if not _fits(one, value):
            continue
        answers[one.code], sources[one.code] = value, fact.source
    return answers, sources


def _fits(question: Any, value: Any) -> bool:
    if value in (None, "", []):
        return False
    if question.kind == "lines" and question.maximum and len(value) > question.maximum:
        return False  # which of her children it is for, she says
    if question.kind == "choice":
        return value in {choice.code for choice in question.choices}
    return True


def part(questions: Sequence[Any], known: Iterable[str]) -> tuple[list[Any], list[Any]]:
    """Part questions into those answered already and those still to be asked, order kept."""
    answered = set(known)
    return (
        [one for one in questions if one.code in answered],
        [one for one in questions if one.code not in answered],
    )


def carried_over(questions: Iterable[Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what still has a question in a newer version of the form."""
    codes = {one.code for one in questions}
    return {code: value for code, value in answers.items() if code in codes}


def merged_rows(
    before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Lay rows told now over rows known before: the same name and day of birth is the same child."""
    rows = {_row_key(row): dict(row) for row in before}
    for row in now:
        key = _row_key(row)
        rows[key] = {**rows.get(key, {}), **row}
    return list(rows.values())


def _row_key(row: Mapping[str, Any]) -> tuple[Any, Any]:
    return (row.get("name"), str(row.get("birth_on") or ""))


def subject_named(wanted: Iterable[str], values: Mapping[str, Any]) -> str:
    """Write whom a case is for, by the answers that tell it (`field` or `field.column`); "" if they tell none.

    The same child is the same however its name was typed: wide or narrow, with blanks or without.
    """
    told: list[str] = []
    for name in wanted:
        code, _dot, column = name.partition(".")
        value = values.get(code)
        if column:
            value = value[0].get(column) if isinstance(value, list) and len(value) == 1 else None
        if value in (None, ""):
            return ""
        told.append("".join(unicodedata.normalize("NFKC", str(value)).split()).casefold())
    return "\n".join(told)
