"""The programme that opens a foreign file and understands its rows: a process of its own, no Django.

A workbook of five kilobytes can ask its reader for half a terabyte (one cell in the last corner of
a sheet) and take the process down with it. So files are read here, under a limit of memory and of
time, with nothing at hand: no keys, no database, no settings. It also reads on one processor while
the base is written from another.

The file is an open descriptor; asked and answered is in lines of JSON, see `main`.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import resource
import sys
from collections.abc import Iterator
from itertools import islice
from operator import itemgetter
from typing import Any, BinaryIO

from lianxin.members.adapters.tables import FaultError, Table, tables_of
from lianxin.members.rules.sheet import (
    Cell,
    Draft,
    Header,
    Row,
    RowError,
    draft_of,
    is_data,
)
from lianxin.members.rules.sheet.cells import text_of
from lianxin.members.selectors.pinyin import sort_key_of

PREVIEW_ROWS = 30
WINDOW = 50_000


def main(descriptor: int) -> None:
    """Answer one question about the file, then hand out the cells of single rows until told to stop.

    Asked: {"today", "columns": {sheet: {"at", "columns"}} or null, "preview", "plain", "batch",
    "memory", "seconds"}. Answered: {"sheets"}, then {"rows"} again and again, {"end"}; {"fault"} at any time.
    Then each {"cells": [numbers]} brings {"cells"} again and again and {"end"}.
    """
    asked = json.loads(sys.stdin.readline())
    _limit(asked["memory"], asked["seconds"])
    try:
        with open(descriptor, "rb", closefd=False) as file:
            _answer(file, asked)
    except FaultError as fault:
        _say({"fault": fault.code})
    except MemoryError:
        _say({"fault": "file_large"})


def _limit(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(file: BinaryIO, asked: dict[str, Any]) -> None:
    tables = [_mapped(table, asked["columns"]) for table in tables_of(file)]
    if asked["plain"]:
        _hand_over(tables, asked["batch"])
        return
    if asked["preview"]:
        _say({"sheets": [_shown(table, rows=True) for table in tables]})
        return
    tables = [table for table in tables if table.header is not None]
    if not tables:
        raise FaultError("file_header")
    _say({"sheets": [_shown(table) for table in tables]})
    today = dt.date.fromisoformat(asked["today"])
    count = 0
    for window in windows(tables, today):
        for start in range(0, len(window), asked["batch"]):
            _say({"rows": window[start : start + asked["batch"]]})
        count += len(window)
    _say({"end": count})
    for line in sys.stdin:
        _hand_out(tables, set(json.loads(line)["cells"]))


def _hand_over(tables: list[Table], size: int) -> None:
    """Give out the rows of the first table that has any, as they stand: no roll, nothing understood."""
    _say({"sheets": [_shown(table) for table in tables]})
    count = 0
    batch: list[list[Any]] = []
    for table in tables:
        for row in table.rows:
            count += 1
            batch.append([plain(cell) for cell in row])
            if len(batch) >= size:
                _say({"rows": batch})
                batch = []
        if count:
            break
    if batch:
        _say({"rows": batch})
    _say({"end": count})


def _mapped(table: Table, columns: dict[str, Any] | None) -> Table:
    """Take what a person said of the columns over what was guessed."""
    if columns is None:
        return table
    said = columns.get(table.name)
    header = Header(said["at"], said["columns"]) if said else None
    return Table(table.name, table.rows, header)


def _people(tables: list[Table]) -> Iterator[tuple[Table, int, Row, Header]]:
    for table in tables:
        header = table.header
        if header is None:
            continue
        for line, row in enumerate(table.rows, start=1):
            if line > header.at + 1 and is_data(row, header):
                yield table, line, row, header


def windows(tables: list[Table], today: dt.date) -> Iterator[list[list[Any]]]:
    """Yield the understood rows, each behind its number, some ten thousand at a time by name.

    Lists of members are kept by name: who comes in by name touches few places of their indexes, and
    half of what an import costs is saved. The order must depend on nothing but the cells, since a
    reading that was cut off skips as many rows as are settled: whoever changes it abandons, in a
    migration, the readings under way. Of rows with one number the first of the file stays first.
    """
    people = enumerate(_people(tables), start=1)
    while some := list(islice(people, WINDOW)):
        keys: dict[str, str] = {}
        window = []
        for number, (_table, _line, row, header) in some:
            who = _cell(row, header, "id_number")
            key = keys.setdefault(who, sort_key_of(_cell(row, header, "name")))
            window.append((key, number, _understood(row, header, today)))
        window.sort(key=itemgetter(0, 1))
        yield [[number, *understood] for _key, number, understood in window]


def _cell(row: Row, header: Header, column: str) -> str:
    at = header.columns[column]
    return "".join(text_of(row[at]).split()).upper() if at < len(row) else ""


def _understood(row: Row, header: Header, today: dt.date) -> list[Any]:
    try:
        return packed(draft_of(row, header, today=today))
    except RowError as error:
        return [error.reason]


def packed(draft: Draft) -> list[Any]:
    """Write a draft as plain values, the reason (none) first."""
    identity = draft.identity
    return [
        "", draft.name, identity.kind, identity.number, _iso(draft.birth_on), draft.sex, draft.phone,
        draft.union_words, draft.employer_name, draft.employment_form, draft.occupation,
        draft.skill_level, _iso(draft.joined_on), draft.industry, draft.warning,
    ]  # fmt: skip


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _hand_out(tables: list[Table], wanted: set[int]) -> None:
    some: list[list[Any]] = []
    for number, (table, line, row, _header) in enumerate(_people(tables), start=1):
        if number in wanted:
            some.append([number, table.name, line, [plain(cell) for cell in row]])
        if len(some) >= 1000:
            _say({"cells": some})
            some = []
    _say({"cells": some})
    _say({"end": 0})


def _shown(table: Table, *, rows: bool = False) -> dict[str, Any]:
    head = table.head_rows
    header = table.likely() if rows else table.header
    at = header.at if header else 0
    return {
        "name": table.name,
        "at": at,
        "columns": dict(header.columns) if header else {},
        "titles": [plain(cell) for cell in (head[at] if at < len(head) else [])],
        "rows": [[plain(cell) for cell in row] for row in head[:PREVIEW_ROWS]] if rows else [],
        "is_roll": table.header is not None,
        "height": table.rows.height,
    }


def plain(cell: Cell) -> str | int | float:
    """Write a cell so that it can be sent on and shown."""
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)
    return cell if isinstance(cell, str | int | float) else str(cell)


def _say(answer: dict[str, Any]) -> None:
    json.dump(answer, sys.stdout, ensure_ascii=False, separators=(",", ":"))
    sys.stdout.write("\n")
    sys.stdout.flush()
