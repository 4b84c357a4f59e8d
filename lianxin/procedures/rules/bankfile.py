"""Reading what a bank sends back: any delimiter, UTF-8 or GB18030, titles above the header. Pure.

The rows of a workbook come in as lists of cells; those of a text file are cut here.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from lianxin.kit.errors import RefusedError
from lianxin.kit.money import parse_yuan

HEADER_WITHIN = 15
MOST_ROWS = 100_000
COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("付款编号", "业务编号", "编号", "企业流水号", "客户流水号", "参考号", "number", "paymentno"),
    "state": ("状态", "处理结果", "交易状态", "结果", "交易结果", "status", "result"),
    "amount": ("金额", "交易金额", "金额元", "付款金额", "amount"),
    "reason": ("原因", "失败原因", "退票原因", "备注", "处理说明", "说明", "reason", "remark"),
}  # fmt: skip
_PAID = ("成功", "已付", "已入账", "已到账", "paid", "success", "ok")
_RETURNED = ("失败", "退", "拒", "不成功", "未成功", "异常", "冲正", "returned", "failed", "reject")


@dataclass(frozen=True, slots=True)
class BankLine:
    """One row as the bank means it; `is_paid` is None where its word is not understood."""

    row: int
    number: str
    is_paid: bool | None
    amount_fen: int | None
    reason: str


class BankFileFault(Exception):  # noqa: N818  (a fault of the file, not of the program)
    """The file cannot be read at all; the message is a code."""


def rows_of_text(data: bytes) -> list[list[str]]:
    """Cut a text file into cells, whatever office wrote it.

    Raises:
        BankFileFault: `encoding` or `empty`.
    """
    text = _decoded(data)
    if not text.strip():
        raise BankFileFault("empty")
    sample = "\n".join(text.splitlines()[:HEADER_WITHIN])
    delimiter = max(",\t;|", key=sample.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        raise BankFileFault("unreadable") from None
    return rows[: MOST_ROWS + 1]


def lines_of(rows: Sequence[Sequence[object]]) -> list[BankLine]:
    """Find the header and read the rows below it.

    Raises:
        BankFileFault: `no_header` or `too_long`.
    """
    if len(rows) > MOST_ROWS:
        raise BankFileFault("too_long")
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        places = _places(row)
        if {"number", "state"} <= places.keys():
            below = enumerate(rows[at + 1 :], start=at + 2)
            return [line for n, cells in below if (line := _line(n, cells, places)) is not None]
    raise BankFileFault("no_header")


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BankFileFault("encoding")


def _folded(cell: object) -> str:
    text = unicodedata.normalize("NFKC", "" if cell is None else str(cell)).lower()
    return "".join(c for c in text if c.isalnum() or c in ".-")


def _places(row: Sequence[object]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(row):
        name = _folded(cell)
        for column, names in COLUMNS.items():
            if name and column not in found and name in names:
                found[column] = at
    return found


def _line(row: int, cells: Sequence[object], places: dict[str, int]) -> BankLine | None:
    def cell(column: str) -> str:
        at = places.get(column)
        raw = cells[at] if at is not None and at < len(cells) else ""
        return unicodedata.normalize("NFKC", "" if raw is None else str(raw)).strip().lstrip("'")

    number = cell("number").upper()
    if not number:
        return None
    state = _folded(cell("state"))
    is_returned = any(word in state for word in _RETURNED)
    is_paid = False if is_returned else True if any(word in state for word in _PAID) else None
    return BankLine(row, number, is_paid, _fen(cell("amount")), cell("reason")[:200])


def _fen(text: str) -> int | None:
    try:
        return parse_yuan(text.removeprefix("CNY").removeprefix("RMB"))
    except RefusedError:
        return None
