"""Writing workbooks: text stays text, and nothing of them lies about on a disk."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

FEW = 20_000  # so many rows are held in memory


@contextmanager
def book_of(file: IO[bytes], *, rows: int) -> Iterator[Any]:
    """Open a workbook (xlsxwriter's) that is written into `file` at the end."""
    import xlsxwriter  # noqa: PLC0415  (stays out of the web worker)

    # A cell that begins with "=" is what somebody typed, never a formula.
    options: dict[str, Any] = {"strings_to_formulas": False, "strings_to_urls": False}
    if rows <= FEW:
        with xlsxwriter.Workbook(file, options | {"in_memory": True}) as book:
            yield book
        return
    with tempfile.TemporaryDirectory() as folder:  # 0700, and gone at the end
        told = options | {"constant_memory": True, "tmpdir": folder}
        with xlsxwriter.Workbook(file, told) as book:
            yield book
