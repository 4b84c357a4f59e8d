"""What a cell says: clean text, a date in any of its forms."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Sequence

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None
Row = Sequence[Cell]
_INVISIBLE = {ord(c): None for c in "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202c\u00ad"}


class DateError(ValueError):
    """The cell holds no date one can be sure of."""


def text_of(cell: Cell) -> str:
    """Write a cell as clean text: half-width, trimmed, whole numbers without a decimal point."""
    if isinstance(cell, str):
        if cell.isascii():
            return " ".join(cell.split())
        folded = unicodedata.normalize("NFKC", cell).translate(_INVISIBLE)
        return " ".join(folded.split())
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if math.isfinite(cell) and cell == int(cell) else str(cell)
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)


_YMD = re.compile(r"(\d{4})[-/.年 ]+(\d{1,2})(?:[-/.月 ]+(\d{1,2}))?日?月?(?:[ T].*)?")
_EPOCH = dt.date(1899, 12, 30)


def date_of(cell: Cell) -> tuple[dt.date, bool] | None:
    """Read a date in any of the usual forms; the flag tells whether the day is known.

    1990-05-17, 1990/5/17, 1990.5.17, 1990年5月17日, 19900517, a real date cell, an Excel serial;
    without the day 1990年5月, 1990-05, 199005. None for an empty cell.

    Raises:
        DateError: anything else.
    """
    if isinstance(cell, dt.datetime):
        return cell.date(), True
    if isinstance(cell, dt.date):
        return cell, True
    text = text_of(cell)
    if not text:
        return None
    if text.isdigit():
        return _date_of_digits(text)
    found = _YMD.fullmatch(text)
    if not found:
        raise DateError(text)
    return _date(found[1], found[2], found[3])


def _date_of_digits(text: str) -> tuple[dt.date, bool]:
    if len(text) == 8:
        return _date(text[:4], text[4:6], text[6:])
    if len(text) == 6:
        return _date(text[:4], text[4:], None)
    if len(text) == 5 and "05000" <= text <= "60000":  # 1913 to 2064
        return _EPOCH + dt.timedelta(days=int(text)), True
    raise DateError(text)


def _date(year: str, month: str, day: str | None) -> tuple[dt.date, bool]:
    try:
        return dt.date(int(year), int(month), int(day or 1)), day is not None
    except ValueError:
        raise DateError(year) from None
