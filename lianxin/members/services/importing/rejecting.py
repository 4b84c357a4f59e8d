"""The workbook that goes back to the office: every row that was not taken, as it was, and why.

Behind them, those that were taken without something that could not be read.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from lianxin.members.adapters.reading import Reader
from lianxin.members.adapters.workbooks import book_of
from lianxin.members.models import ImportRun
from lianxin.members.services.sentences import WARNINGS, sentence

_NOT_IN_NAMES = r"[\[\]:*?/\\]"


def warned_of(run: ImportRun) -> int:
    """Count the rows that were taken, and come back only so that the office may add something."""
    return run.rejections.filter(reason__in=WARNINGS).count()


def rejections_to_path(path: Path, reader: Reader, reasons: Mapping[int, str]) -> None:
    """Write the workbook beside the console's file, readable by its owner alone."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "w+b") as file:
        _write(file, reader, reasons)


def rejections_in_memory(reader: Reader, reasons: Mapping[int, str]) -> io.BytesIO:
    """Write the workbook where nobody finds it."""
    file = io.BytesIO()
    _write(file, reader, reasons)
    return file


def _write(file: IO[bytes], reader: Reader, reasons: Mapping[int, str]) -> None:
    """Write one sheet a source sheet: the reason first, then the original cells."""
    titles = {sheet.name: sheet.titles for sheet in reader.sheets}
    with book_of(file, rows=len(reasons)) as book:
        bold = book.add_format({"bold": True, "bg_color": "#FBEDED"})
        rows = reader.cells(reasons)
        for number, (name, group) in enumerate(groupby(rows, lambda row: row[1]), start=1):
            page = book.add_worksheet(_page_name(name, number))
            page.set_column(0, 0, 60)
            page.write_row(0, 0, [_("Why this row comes back"), _("Row"), *titles[name]], bold)
            for at, (row_number, _sheet, line, cells) in enumerate(group, start=1):
                page.write_row(at, 0, [sentence(reasons[row_number]), line, *cells])


def _page_name(name: str, number: int) -> str:
    """Spreadsheets allow 31 characters, not all of them, and no name twice."""
    return f"{number} {re.sub(_NOT_IN_NAMES, ' ', name)}"[:31].strip("' ")
