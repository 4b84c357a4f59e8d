"""Opening what an office sends: xlsx, xls, ods, or CSV in UTF-8, UTF-16 or GB18030."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from lianxin.kit.errors import RefusedError
from lianxin.members.rules.sheet import Header, Row, header_of, is_data

WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
TEXTS = {".csv", ".txt", ".tsv"}
LARGEST = 300 * 2**20
LARGEST_UNPACKED = 3 * 2**30


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One data row: its number among all data rows, where it stands, its cells, its header."""

    number: int
    sheet: str
    line: int
    cells: Row
    header: Header


@dataclass(frozen=True)
class Sheet:
    """One table of the file, and the header found in it (None: it holds no roll)."""

    name: str
    rows: list[Row]
    header: Header | None

    @property
    def titles(self) -> Row:
        """Return the cells of the header row as they stand."""
        return self.rows[self.header.at] if self.header else []


class Roll:
    """A file with at least one sheet that names people."""

    def __init__(self, path: Path) -> None:
        """Raises RefusedError with a sentence when the file is none we can read."""
        self.path = path
        self.digest = _digest(path)
        self.sheets = [sheet for sheet in _sheets(path) if sheet.header is not None]
        if not self.sheets:
            raise RefusedError(
                _(
                    "No sheet of this file has a header with a name and an identity number "
                    "(for example 姓名 and 身份证号) in its first 30 rows."
                )
            )

    def __iter__(self) -> Iterator[SheetRow]:
        """Go through the people, in order, across all sheets."""
        number = 0
        for sheet in self.sheets:
            header = sheet.header
            if header is None:
                continue
            for line, cells in enumerate(sheet.rows[header.at + 1 :], start=header.at + 2):
                if is_data(cells, header):
                    number += 1
                    yield SheetRow(number, sheet.name, line, cells, header)

    @property
    def has_unions(self) -> bool:
        """Say whether every sheet names the union of each person."""
        return all(
            sheet.header is not None and {"union", "union_code"} & set(sheet.header.columns)
            for sheet in self.sheets
        )


def _digest(path: Path) -> str:
    if not path.is_file():
        raise RefusedError(_("There is no file %(name)s.") % {"name": path.name})
    if path.stat().st_size > LARGEST:
        raise RefusedError(_("This file is too large. Please send it in parts."))
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sheets(path: Path) -> Iterator[Sheet]:
    kind = path.suffix.lower()
    if kind in TEXTS:
        rows = _text_rows(path)
        yield Sheet(path.stem, rows, header_of(rows))
    elif kind in WORKBOOKS:
        yield from _workbook_sheets(path)
    else:
        raise RefusedError(_("Please send a workbook (xlsx, xls, ods) or a CSV file."))


def _workbook_sheets(path: Path) -> Iterator[Sheet]:
    _refuse_bombs(path)
    try:
        with CalamineWorkbook.from_path(path) as book:
            for name in book.sheet_names:
                rows: list[Row] = list(book.get_sheet_by_name(name).iter_rows())
                yield Sheet(name, rows, header_of(rows))
    except PasswordError:
        raise RefusedError(
            _("This workbook is locked with a password. Please save a copy without one.")
        ) from None
    except (CalamineError, OSError, ValueError, KeyError) as error:
        raise RefusedError(
            _("This file cannot be read as a workbook. Please open it and save it again as xlsx.")
        ) from error


def _refuse_bombs(path: Path) -> None:
    if not zipfile.is_zipfile(path):
        return  # the old binary form, or nothing at all: the reader tells
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return
    if size > LARGEST_UNPACKED:
        raise RefusedError(_("This file is too large. Please send it in parts."))


def _text_rows(path: Path) -> list[Row]:
    text = _decoded(path.read_bytes())
    head = text[:20_000]
    delimiter = max(",\t;", key=head.count)
    csv.field_size_limit(1_000_000)
    try:
        # A leading quote keeps a spreadsheet from reading a number as one; it is no part of it.
        return [
            [cell.lstrip("'") for cell in row]
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise RefusedError(
            _("This CSV file is damaged near its end or a quote is open.")
        ) from error


def _decoded(data: bytes) -> str:
    is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    tries = ["utf-16"] if is_wide else ["utf-8-sig", "gb18030"]
    for encoding in tries:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RefusedError(_("The characters of this file cannot be read. Please save it as UTF-8."))
