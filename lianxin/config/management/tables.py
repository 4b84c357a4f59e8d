"""Reads a small table an operator wrote: CSV (UTF-8 or GB18030) or the first sheet of a workbook."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from django.core.management.base import CommandError
from python_calamine import CalamineError, CalamineWorkbook

from lianxin.kit.text import clean


def read_table(
    path: Path, *, needed: set[str], known: set[str]
) -> list[tuple[int, dict[str, str]]]:
    """Return (line number, row) for every row that is not empty; columns go by their first line.

    Raises:
        CommandError: the file cannot be read, or its columns are not the ones wanted.
    """
    if not path.is_file():
        raise CommandError(f"There is no file {path}.")
    rows = _of_csv(path) if path.suffix.lower() == ".csv" else _of_workbook(path)
    if not rows:
        raise CommandError(f"{path.name} is empty.")
    head = [clean(cell).lower() for cell in rows[0]]
    if needed - set(head) or set(head) - known - {""}:
        raise CommandError(
            f"{path.name} needs the columns {', '.join(sorted(needed))}"
            f" and may have {', '.join(sorted(known - needed))}; it has {', '.join(head)}."
        )
    found = []
    for number, cells in enumerate(rows[1:], 2):
        row = {name: clean(cell) for name, cell in zip(head, cells, strict=False) if name}
        if any(row.values()):
            found.append((number, dict.fromkeys(known, "") | row))
    return found


def _of_csv(path: Path) -> list[list[str]]:
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return list(csv.reader(io.StringIO(data.decode(encoding))))
        except UnicodeDecodeError:
            continue
    raise CommandError(f"{path.name} is neither UTF-8 nor GB18030.")


def _of_workbook(path: Path) -> list[list[str]]:
    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    except (CalamineError, OSError) as error:
        raise CommandError(f"{path.name} is no workbook: {error}") from error
    return [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=True)]


def _text(cell: object) -> str:
    """Write a cell as a person would: 23.0 is 23, since offices keep codes in number cells."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
