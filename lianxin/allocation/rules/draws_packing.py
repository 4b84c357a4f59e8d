"""The list of a draw, and its order, as few bytes. Pure."""

from __future__ import annotations

import array
import struct
import sys
from collections.abc import Iterable

from lianxin.allocation.rules.draws import Row

_ROW = struct.Struct(">32sHHH")


def rows_packed(rows: Iterable[Row]) -> bytes:
    """Write rows one after the other, 38 bytes each."""
    pack = _ROW.pack
    return b"".join(
        pack(bytes.fromhex(row.line), row.stratum, row.weight, row.size) for row in rows
    )


def rows_unpacked(packed: bytes) -> list[Row]:
    """Read what `rows_packed` wrote."""
    return [
        Row(line.hex(), stratum, weight, size)
        for line, stratum, weight, size in _ROW.iter_unpack(packed)
    ]


def order_packed(order: Iterable[int]) -> bytes:
    """Write an order, four bytes a place, the largest first."""
    written = array.array("I", order)
    if sys.byteorder == "little":
        written.byteswap()
    return written.tobytes()


def order_unpacked(packed: bytes) -> list[int]:
    """Read what `order_packed` wrote."""
    read = array.array("I")
    read.frombytes(packed)
    if sys.byteorder == "little":
        read.byteswap()
    return read.tolist()
