"""A person's own line: found by her receipt, in the file and on the way to the root."""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

from lianxin.allocation.data.verifier.reading import (
    HEX64,
    UUID,
    fields,
    keys_read,
    lines_hash,
    moment,
    need,
    read_json,
    token_read,
    whole,
    words,
)
from lianxin.allocation.data.verifier.rule import listed

RECEIPT_FORMAT = "lianxin-receipt-1"
RECEIPT = "claim count draw format index keys line path promise root row salt title"


class Place(NamedTuple):
    """Where a line stands. `place` and `rank` count from 1; `waits`: so many wait before it."""

    line: str
    place: int | None = None
    rank: int | None = None
    has_won: bool = False
    waits: int | None = None


def read_receipt(data: bytes, key: str | None = None) -> dict[str, Any]:
    """Check a receipt by itself: its line, the signed promise, the way to the root."""
    own = fields(read_json(data, "the receipt"), RECEIPT, "the receipt")
    need(own["format"] == RECEIPT_FORMAT, "the receipt is of another format")
    for name in ("draw", "claim"):
        words(own[name], "the receipt: " + name, UUID)
    words(own["title"], "the receipt: title")
    line = lines_hash("line", own["draw"], words(own["salt"], "the receipt: salt"), own["claim"])
    need(line == own["line"], "the receipt's line is another")
    need(len(keys_read(own["keys"], "the receipt: keys")) == 1, "the receipt: keys")
    need(key is None or key in own["keys"].values(), "the receipt is signed with another key")
    promise = token_read(
        own["promise"], own["keys"], "applied_at draw key line size t", "the receipt's promise"
    )
    need(promise["t"] == "application", "the receipt's promise is something else")
    need(
        (promise["draw"], promise["line"]) == (own["draw"], line), "the promise is of another line"
    )
    moment(promise["applied_at"], "the promise's time")
    whole(promise["size"], 1, 65535, "the promise's size")
    if own["row"] is None:
        none = (own["index"], own["path"], own["count"], own["root"])
        need(none == (None, None, None, None), "half a receipt")
    else:
        _check_row(own, line)
    return own


def find_line(file: dict[str, Any], own: dict[str, Any]) -> Place:
    """Say where a receipt's line stands in a file that was checked."""
    need(own["draw"] == file["rule"]["draw"], "the receipt is of another draw")
    for name, x in own["keys"].items():
        need(file["keys"].get(name, x) == x, "the receipt's key is another than the file's")
    rows, line = file["rows"], own["line"]
    if rows is None:
        return Place(line)
    if own["row"] is not None:
        need(own["root"] == file["frozen"]["root"], "the receipt is of another list")
    index = next((at for at, row in enumerate(rows) if row[0] == line), None)
    need(
        index is not None,
        "YOUR LINE IS NOT IN THE LIST: the signed promise in your receipt proves it",
    )
    if own["row"] is not None:
        need(
            (own["index"], own["row"]) == (index, rows[index]),
            "the list says otherwise of your line",
        )
    at = int(str(index))
    if file["result"] is None or at not in file["result"]["order"]:
        return Place(line, at + 1)
    order, won = file["result"]["order"], file["result"]["won"]
    rank = order.index(at)
    if at in won:
        return Place(line, at + 1, rank + 1, True)
    winners = set(won)
    return Place(
        line, at + 1, rank + 1, False, sum(1 for one in order[:rank] if one not in winners)
    )


def _check_row(own: dict[str, Any], line: str) -> None:
    row = listed(own["row"], 4, 4, "the receipt's row")
    need(row[0] == line, "the receipt's row is another's")
    for number in row[1:]:
        whole(number, 0, 65535, "the receipt's row")
    at = whole(own["index"], 0, 10**7, "the receipt's index")
    last = whole(own["count"], at + 1, 10**7, "the receipt's count") - 1
    root = words(own["root"], "the receipt: root", HEX64)
    leaf = f"{row[0]} {row[1]} {row[2]} {row[3]}"
    top = hashlib.sha256(b"\0" + leaf.encode()).digest()
    for step in listed(own["path"], 0, 64, "the receipt's path"):
        beside = bytes.fromhex(words(step, "the receipt's path", HEX64))
        need(last, "the receipt's path is too long")
        is_right = at & 1 or at == last
        top = hashlib.sha256(b"\1" + (beside + top if is_right else top + beside)).digest()
        while is_right and at and not at & 1:
            at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
    need(last == 0 and top.hex() == root, "the receipt's row does not lead to the root")
