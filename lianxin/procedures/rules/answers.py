"""What was typed becomes typed values, or a fault a field: reading answers against a form. Pure.

Values are JSON: text, whole numbers (money in fen), ISO days, booleans, codes, lists of codes, and
rows. A fault is a code with its numbers; `selectors.words` has the sentences.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lianxin.kit.errors import RefusedError
from lianxin.kit.money import parse_yuan
from lianxin.kit.text import clean
from lianxin.procedures.rules.definition import (
    Confidentiality,
    Definition,
    Evidence,
    Field,
    FieldKind,
)

LONGEST = {FieldKind.TEXT: 200, FieldKind.PARAGRAPH: 4000}
MOST_ROWS = 30
BIGGEST = 10**12
_YES = {"yes", "true", "on", "1", "是"}
_NO = {"no", "false", "off", "0", "否"}
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_ALWAYS_SEALED = {FieldKind.PHONE, FieldKind.ID_NUMBER, FieldKind.BANK_ACCOUNT}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a value cannot be taken; `limit` is the number the sentence names."""

    code: str
    limit: int = 0
    row: int = 0  # of a table, counted from 1
    column: str = ""


@dataclass(slots=True)
class Parsed:
    values: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)


class _FaultError(Exception):
    def __init__(self, code: str, limit: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.limit = limit


def parse(fields: Iterable[Field], raw: Mapping[str, Any], *, partial: bool = False) -> Parsed:
    """Read typed answers. `partial` leaves what is absent alone (an amendment)."""
    found = Parsed()
    for one in fields:
        if partial and one.code not in raw:
            continue
        try:
            value = _read(one, raw.get(one.code))
        except _FaultError as fault:
            found.faults[one.code] = Fault(fault.code, fault.limit)
            continue
        except _RowFaultError as fault:
            found.faults[one.code] = fault.fault
            continue
        if value is not None:
            found.values[one.code] = value
        elif one.is_required:
            found.faults[one.code] = Fault("missing")
        elif partial:
            found.values[one.code] = None
    return found


def parse_papers(
    evidence: Iterable[Evidence], papers: Mapping[str, Sequence[Any]], *, partial: bool = False
) -> dict[str, Fault]:
    """Check that each paper asked for is there, and none too often."""
    faults: dict[str, Fault] = {}
    for one in evidence:
        count = len(papers.get(one.code, ()))
        if count > one.max_files:
            faults[one.code] = Fault("too_many_files", one.max_files)
        elif one.is_required and not count and not (partial and one.code not in papers):
            faults[one.code] = Fault("paper_missing")
    return faults


def collect(fields: Iterable[Field], data: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Turn the flat pairs of a sent form into raw answers; rows are named `code.0.column`."""
    raw: dict[str, Any] = {}
    for one in fields:
        if one.kind is FieldKind.LINES:
            if rows := _rows_of(one, data):
                raw[one.code] = rows
        elif one.code in data:
            sent = list(data[one.code])
            raw[one.code] = sent if one.kind is FieldKind.CHOICES else (sent or [""])[-1]
    return raw


def is_sealed(one: Field, confidentiality: Confidentiality) -> bool:
    """Say whether an answer is kept sealed: by its kind, its mark, or the class of the procedure."""
    return (
        confidentiality is not Confidentiality.ORDINARY
        or one.is_sensitive
        or one.kind in _ALWAYS_SEALED
        or any(is_sealed(column, Confidentiality.ORDINARY) for column in one.columns)
    )


def split(
    definition: Definition, values: Mapping[str, Any], *, fields: Sequence[Field] | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part values into those kept plain and those to be sealed."""
    known = {one.code: one for one in (definition.fields if fields is None else fields)}
    plain: dict[str, Any] = {}
    secret: dict[str, Any] = {}
    for code, value in values.items():
        sealed = code not in known or is_sealed(known[code], definition.confidentiality)
        (secret if sealed else plain)[code] = value
    return plain, secret


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """List the codes whose values differ between two revisions, in order of name."""
    return sorted(code for code in {*before, *after} if before.get(code) != after.get(code))


def merged(before: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Lay a change over what was answered; None takes an answer away."""
    return {code: value for code, value in {**before, **change}.items() if value is not None}


class _RowFaultError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def _read(one: Field, raw: Any) -> Any:
    if raw is None or raw in ("", []):
        return None
    return _READERS[one.kind](one, raw)


def _typed(raw: Any) -> str:
    if not isinstance(raw, str | int | float) or isinstance(raw, bool):
        raise _FaultError("unreadable")
    return clean(str(raw)[: LONGEST[FieldKind.PARAGRAPH] * 2])


def _text(one: Field, raw: Any) -> str | None:
    text = _typed(raw)
    if one.kind is FieldKind.TEXT:
        text = " ".join(text.split())
    limit = min(one.maximum or LONGEST[one.kind], LONGEST[one.kind])
    if len(text) > limit:
        raise _FaultError("too_long", limit)
    if text and one.minimum and len(text) < one.minimum:
        raise _FaultError("too_short", one.minimum)
    return text or None


def _within(one: Field, number: int) -> int:
    if one.minimum is not None and number < one.minimum:
        raise _FaultError("too_small", one.minimum)
    if number > (BIGGEST if one.maximum is None else one.maximum):
        raise _FaultError("too_large", BIGGEST if one.maximum is None else one.maximum)
    return number


def _whole(one: Field, raw: Any) -> int | None:
    text = _typed(raw).replace(",", "").replace(" ", "")
    if not text:
        return None
    if not re.fullmatch(r"-?[0-9]{1,15}", text):
        raise _FaultError("not_whole")
    return _within(one, int(text))


def _money(one: Field, raw: Any) -> int | None:
    text = _typed(raw)
    if not text:
        return None
    try:
        return _within(one, parse_yuan(text))
    except RefusedError:
        raise _FaultError("not_money") from None


def _day(_one: Field, raw: Any) -> str | None:
    text = raw.isoformat() if isinstance(raw, dt.date) else _typed(raw)
    if not text:
        return None
    found = _DAY.fullmatch(text) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    try:
        day = dt.date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year <= 2200:
        raise _FaultError("not_date")
    return day.isoformat()


def _choice(one: Field, raw: Any) -> str | None:
    code = _typed(raw)
    if code and code not in {choice.code for choice in one.choices}:
        raise _FaultError("not_choice")
    return code or None


def _choices(one: Field, raw: Any) -> list[str] | None:
    sent = raw if isinstance(raw, list | tuple) else [raw]
    picked = {_choice(one, code) for code in sent}
    if one.maximum and len(picked - {None}) > one.maximum:
        raise _FaultError("too_many_choices", one.maximum)
    return [choice.code for choice in one.choices if choice.code in picked] or None


def _yes_no(_one: Field, raw: Any) -> bool | None:
    if isinstance(raw, bool):
        return raw
    text = _typed(raw).lower()
    if text not in _YES | _NO:
        raise _FaultError("not_choice")
    return text in _YES


def _phone(_one: Field, raw: Any) -> str | None:
    digits = re.sub(r"[\s\-()]", "", _typed(raw)).removeprefix("+86")
    if digits and not re.fullmatch(r"1[0-9]{10}|0[0-9]{9,11}", digits):
        raise _FaultError("not_phone")
    return digits or None


def is_resident_id(number: str) -> bool:
    """Check form, day of birth and check digit of a resident identity number (GB 11643-1999)."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return False
    try:
        dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))
    return "10X98765432"[total % 11] == number[17]


def is_id_number(number: str) -> bool:
    """Check the number of an identity paper: a resident's by its check digit, others by their form.

    Eight or ten digits stand on permits of Taiwan people, nine on the passports of several countries;
    all other digits alone, and whatever begins with many of them, was meant to be a resident's number.
    """
    if re.fullmatch(r"[0-9]{8,9}|[0-9]{10}[0-9A-Z]?", number):
        return True
    if number.isdigit() or re.fullmatch(r"[0-9]{11,}[A-Z]", number):
        return is_resident_id(number)
    return re.fullmatch(r"(?=.*[0-9])[A-Z0-9]{6,17}", number) is not None


def _id_number(_one: Field, raw: Any) -> str | None:
    number = re.sub(r"[\s\-]", "", _typed(raw)).upper()
    if number and not is_id_number(number):
        raise _FaultError("not_id_number")
    return number or None


def _bank_account(_one: Field, raw: Any) -> str | None:
    digits = re.sub(r"[\s\-]", "", _typed(raw))
    if digits and not re.fullmatch(r"[0-9]{8,30}", digits):
        raise _FaultError("not_bank_account")
    return digits or None


def _organisation(_one: Field, raw: Any) -> str | None:
    code = _typed(raw)
    if len(code) > 32:
        raise _FaultError("not_organisation")
    return code or None


def _lines(one: Field, raw: Any) -> list[dict[str, Any]] | None:
    if not isinstance(raw, list | tuple) or not all(isinstance(row, Mapping) for row in raw):
        raise _FaultError("unreadable")
    kept: list[dict[str, Any]] = []
    for number, row in enumerate(raw, start=1):
        if all(value in (None, "", []) for value in row.values()):
            continue
        parsed = parse(one.columns, row)
        for column, fault in parsed.faults.items():
            raise _RowFaultError(Fault(fault.code, fault.limit, number, column))
        kept.append(parsed.values)
    limit = min(one.maximum or MOST_ROWS, MOST_ROWS)
    if len(kept) > limit:
        raise _FaultError("too_many_rows", limit)
    if one.minimum and len(kept) < one.minimum:
        raise _FaultError("too_few_rows", one.minimum)
    return kept or None


def _rows_of(one: Field, data: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    names = re.compile(rf"{re.escape(one.code)}\.(\d{{1,3}})\.(.+)")
    found = sorted({int(match[1]) for key in data if (match := names.fullmatch(key))})
    return [
        collect(
            one.columns,
            {
                column.code: data[key]
                for column in one.columns
                if (key := f"{one.code}.{number}.{column.code}") in data
            },
        )
        for number in found
    ]


_READERS: dict[FieldKind, Callable[[Field, Any], Any]] = {
    FieldKind.TEXT: _text,
    FieldKind.PARAGRAPH: _text,
    FieldKind.WHOLE: _whole,
    FieldKind.MONEY: _money,
    FieldKind.DATE: _day,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
    FieldKind.YES_NO: _yes_no,
    FieldKind.PHONE: _phone,
    FieldKind.ID_NUMBER: _id_number,
    FieldKind.BANK_ACCOUNT: _bank_account,
    FieldKind.ORGANISATION: _organisation,
    FieldKind.LINES: _lines,
}
