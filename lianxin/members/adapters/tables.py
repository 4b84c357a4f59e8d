"""Tables of foreign files, whatever their form: xlsx, xls, xlsb, ods, or text with delimiters. No Django.

Runs in the reader's own process only: a hostile file may cost that process its life, not more.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from lianxin.members.rules.sheet import Header, Row, header_of, likely_header_of

LARGEST_UNPACKED = 3 * 2**30
LONGEST_CELL = 1_000_000
HEAD_ROWS = 30
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK = 1 << 20


class FaultError(Exception):
    """The file cannot be read; `code` has a sentence in `services.sentences`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Source(Protocol):
    """Rows that can be gone through again and again."""

    height: int  # 0 where nobody has counted

    def __iter__(self) -> Iterator[Row]: ...


@dataclass(frozen=True)
class Table:
    """One table of the file and the header found in it (None: it holds no roll)."""

    name: str
    rows: Source
    header: Header | None

    @property
    def head_rows(self) -> list[Row]:
        """Return the first rows, as they stand."""
        return _first(self.rows)

    def likely(self) -> Header | None:
        """Return the header, or the row that looks most like one."""
        return self.header or likely_header_of(self.head_rows)


def tables_of(file: BinaryIO) -> list[Table]:
    """Open a file by its content, never by its name.

    Raises:
        FaultError: it is none we can read.
    """
    start = file.read(8)
    file.seek(0)
    if not start:
        raise FaultError("file_empty")
    if start.startswith(b"PK\x03\x04") or start == _OLD_WORKBOOK:
        return list(_workbook(file, is_zip=start[:2] == b"PK"))
    if b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FaultError("file_kind")
    rows = _Text(file)
    return [_table("", rows)]


def _table(name: str, rows: Source) -> Table:
    return Table(name, rows, header_of(_first(rows)))


def _first(rows: Iterable[Row]) -> list[Row]:
    return [row for row, _at in zip(rows, range(HEAD_ROWS), strict=False)]


def _workbook(file: BinaryIO, *, is_zip: bool) -> Iterator[Table]:
    from python_calamine import (  # noqa: PLC0415  (text files need no reader of workbooks)
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        ZipError,
    )

    if is_zip:
        _refuse_bombs(file)
    try:
        book = CalamineWorkbook.from_filelike(file)
        for name in book.sheet_names:
            yield _table(name, _Pages(book.get_sheet_by_name(name)))
    except PasswordError:
        raise FaultError("file_locked") from None
    except (CalamineError, ZipError, OSError, ValueError, KeyError) as error:
        raise FaultError("file_broken") from error


class _Pages:
    """The rows of a sheet of a workbook."""

    def __init__(self, sheet: object) -> None:
        self._sheet = sheet
        self.height = int(getattr(sheet, "total_height", 0))

    def __iter__(self) -> Iterator[Row]:
        rows: Iterator[Row] = self._sheet.iter_rows()  # type: ignore[attr-defined]  # has no types
        return rows


def _refuse_bombs(file: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(file) as packed:
            names = {entry.filename for entry in packed.infolist()}
            size = sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise FaultError("file_broken") from None
    if size > LARGEST_UNPACKED:
        raise FaultError("file_large")
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        raise FaultError("file_kind")
    file.seek(0)


class _Text:
    """The rows of a text file in UTF-8, UTF-16 or GB18030, by comma, tab or semicolon."""

    height = 0

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._encoding = _encoding_of(file)
        head = self._open().read(20_000)
        self._delimiter = max(",\t;", key=head.count)
        csv.field_size_limit(LONGEST_CELL)

    def __iter__(self) -> Iterator[Row]:
        try:
            for row in csv.reader(self._open(), delimiter=self._delimiter):
                # A leading quote keeps a spreadsheet from reading a number as one; no part of it.
                yield [cell.lstrip("'") for cell in row]
        except csv.Error as error:
            raise FaultError("file_quotes") from error

    def _open(self) -> io.TextIOWrapper:
        self._file.seek(0)
        copy = _Unclosed(self._file)
        return io.TextIOWrapper(io.BufferedReader(copy, _CHUNK), self._encoding, newline="")


class _Unclosed(io.RawIOBase):
    """The same open file, read from where it stands, left open when the text above it goes."""

    def __init__(self, file: BinaryIO) -> None:
        self._source = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._source.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _encoding_of(file: BinaryIO) -> str:
    start = file.read(2)
    tries = ["utf-16"] if start in {b"\xff\xfe", b"\xfe\xff"} else ["utf-8-sig", "gb18030"]
    for encoding in tries:
        file.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise FaultError("file_letters")
