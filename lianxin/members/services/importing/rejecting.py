"""The workbook that goes back to the office: every row that was not taken, as it was, and why."""

from __future__ import annotations

import datetime as dt
import math
import os
import re
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

from django.utils.translation import gettext as _

from lianxin.members.rules.sheet import Cell
from lianxin.members.services.importing.reading import Roll, SheetRow
from lianxin.members.services.sentences import sentence

_NOT_IN_NAMES = r"[\[\]:*?/\\]"


def write_rejections(path: Path, roll: Roll, reasons: Mapping[int, str]) -> None:
    """Write one sheet a source sheet: the reason first, then the original cells.

    Readable by its owner alone: it holds identity numbers.
    """
    import xlsxwriter  # noqa: PLC0415  (stays out of the web worker)

    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    # Text stays text: a cell that begins with "=" is what somebody typed, never a formula.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        bold = book.add_format({"bold": True, "bg_color": "#FBEDED"})
        titles = {sheet.name: sheet.titles for sheet in roll.sheets}
        rejected = (row for row in roll if row.number in reasons)
        for number, (name, rows) in enumerate(groupby(rejected, lambda row: row.sheet), start=1):
            page = book.add_worksheet(_page_name(name, number))
            page.set_column(0, 0, 60)
            head = [_("Why this row was not taken"), _("Row"), *titles[name]]
            page.write_row(0, 0, [_shown(cell) for cell in head], bold)
            for at, row in enumerate(rows, start=1):
                page.write_row(at, 0, _cells(row, reasons[row.number]))


def _page_name(name: str, number: int) -> str:
    """Spreadsheets allow 31 characters, not all of them, and no name twice."""
    return f"{number} {re.sub(_NOT_IN_NAMES, ' ', name)}"[:31].strip("' ")


def _cells(row: SheetRow, reason: str) -> list[str | int | float]:
    return [sentence(reason), row.line, *(_shown(cell) for cell in row.cells)]


def _shown(cell: Cell) -> str | int | float:
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)
    return cell if isinstance(cell, str | int | float) else str(cell)
