"""Tables of other things than people, read as rolls are: by a process of their own, whatever their form."""

from __future__ import annotations

from typing import Any

from lianxin.kit.errors import RefusedError
from lianxin.members import conf
from lianxin.members.adapters.reading import Reader, ReadingError, in_memory
from lianxin.members.services.sentences import sentence

Row = list[Any]


def table_rows(data: bytes, *, most: int) -> list[Row]:
    """Return the rows of a workbook's first table with any, or of a text file, as they stand.

    UTF-8, UTF-16 and GB18030 alike; cells are texts and numbers.

    Raises:
        RefusedError: the file cannot be read, or has more rows than `most`.
    """
    rows: list[Row] = []
    try:
        with Reader(
            lambda: in_memory(iter([data])), is_plain=True, memory=conf.reader_memory()
        ) as reader:
            for batch in reader.batches():
                rows += batch
                if len(rows) > most:
                    raise RefusedError(sentence("file_large"))
    except ReadingError as error:
        raise RefusedError(sentence(error.code)) from None
    return rows
