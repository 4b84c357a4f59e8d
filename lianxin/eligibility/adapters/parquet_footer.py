"""Reads the footer of Parquet files, and joins finished files without reading their data again.

A bulk run writes one small file a partition, so that it can be taken up where it broke off. At the
end the files become one: their bytes follow each other, and only the footer is written anew. The
footer is a Thrift structure in compact protocol; it is kept generically (fields by number), so that
whatever a writer put there travels along.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

MAGIC = b"PAR1"
_BOOLS, _BYTE, _SHORT, INT, LONG, _DOUBLE, BINARY, LIST, _SET, STRUCT = (
    (1, 2), 3, 4, 5, 6, 7, 8, 9, 10, 12,
)  # fmt: skip
# Numbers of fields in parquet.thrift.
SCHEMA, _NUM_ROWS, ROW_GROUPS = 2, 3, 4
GROUP_COLUMNS, GROUP_SIZE, GROUP_ROWS, _GROUP_OFFSET, _GROUP_ORDINAL = 1, 2, 3, 5, 7
_CHUNK_OFFSET, CHUNK_META = 2, 3
_META_OFFSETS = (9, 10, 11)
_CHUNK_INDEXES, _META_BLOOM = (4, 5, 6, 7), (14, 15)

Struct = dict[int, tuple[int, Any]]  # number of a field: (its type, its value)


class NotParquetError(ValueError):
    """The file is no Parquet file, or was cut off."""


def rows_of_groups(path: Path) -> list[int]:
    """Return the number of rows of each row group."""
    footer, _start = _footer(path)
    return [group[GROUP_ROWS][1] for group in footer[ROW_GROUPS][1][1]]


def join(parts: Sequence[Path], target: Path) -> None:
    """Make one Parquet file of several with the same columns."""
    whole: Struct = {}
    groups: list[Struct] = []
    with target.open("wb") as out:
        out.write(MAGIC)
        for path in parts:
            footer, end = _footer(path)
            shift = out.tell() - len(MAGIC)
            with path.open("rb") as source:
                source.seek(len(MAGIC))
                _copy(source, out, end - len(MAGIC))
            groups += [moved(group, shift) for group in footer[ROW_GROUPS][1][1]]
            whole = whole or footer
        close(out, whole, groups)


def close(out: BinaryIO, whole: Struct, groups: Sequence[Struct]) -> None:
    """Write the footer of a file whose row groups stand already."""
    for ordinal, group in enumerate(groups):
        # A 16-bit field, and optional: left out where it would not fit.
        group.pop(_GROUP_ORDINAL, None)
        if len(groups) < 2**15:
            group[_GROUP_ORDINAL] = (_SHORT, ordinal)
    whole[_NUM_ROWS] = (LONG, sum(group[GROUP_ROWS][1] for group in groups))
    whole[ROW_GROUPS] = (LIST, (STRUCT, groups))
    written = bytearray()
    write_struct(written, whole)
    out.write(written + len(written).to_bytes(4, "little") + MAGIC)


def _copy(source: BinaryIO, out: BinaryIO, length: int) -> None:
    """Copy the data; what follows it (the old footer) is cut off again."""
    at = out.tell()
    shutil.copyfileobj(source, out, 4 << 20)
    out.seek(at + length)
    out.truncate()


def moved(group: Struct, shift: int) -> Struct:
    """Move a row group: every place in the file it names lies `shift` bytes further on."""
    for chunk in group[GROUP_COLUMNS][1][1]:
        moved_chunk(chunk, shift)
    _shift(group, _GROUP_OFFSET, shift)
    return group


def moved_chunk(chunk: Struct, shift: int) -> None:
    """Move a column of a row group."""
    # Page indexes and Bloom filters name places themselves; they are optional and left out.
    for number in _CHUNK_INDEXES:
        chunk.pop(number, None)
    _shift(chunk, _CHUNK_OFFSET, shift)
    meta = chunk[CHUNK_META][1]
    for number in _META_BLOOM:
        meta.pop(number, None)
    for number in _META_OFFSETS:
        _shift(meta, number, shift)


def _shift(struct: Struct, number: int, by: int) -> None:
    if number in struct and struct[number][1]:
        kind, value = struct[number]
        struct[number] = (kind, value + by)


def footer_of(data: bytes) -> tuple[Struct, int]:
    """Return the footer of a file in memory and where it begins."""
    length = int.from_bytes(data[-8:-4], "little")
    if len(data) < 12 or data[-4:] != MAGIC or length > len(data) - 12:
        raise NotParquetError("not a Parquet file")
    start = len(data) - 8 - length
    struct, _at = read_struct(data, start)
    return struct, start


def _footer(path: Path) -> tuple[Struct, int]:
    """Return the footer and where it begins."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        if size < 12:
            raise NotParquetError(f"{path}: not a Parquet file")
        file.seek(size - 8)
        tail = file.read(8)
        length = int.from_bytes(tail[:4], "little")
        if tail[4:] != MAGIC or length > size - 12:
            raise NotParquetError(f"{path}: not a Parquet file")
        file.seek(size - 8 - length)
        struct, _at = read_struct(file.read(length), 0)
    return struct, size - 8 - length


# -- Thrift compact protocol ---------------------------------------------------------------


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _read_signed(data: bytes, at: int) -> tuple[int, int]:
    value, at = _read_varint(data, at)
    return (value >> 1) ^ -(value & 1), at


def read_struct(data: bytes, at: int) -> tuple[Struct, int]:
    found: Struct = {}
    number = 0
    while head := data[at]:
        at += 1
        kind = head & 0x0F
        if head >> 4:
            number += head >> 4
        else:
            number, at = _read_signed(data, at)
        if kind in _BOOLS:
            found[number] = (kind, kind == 1)
        else:
            value, at = _read_value(data, at, kind)
            found[number] = (kind, value)
    return found, at + 1


def _read_value(data: bytes, at: int, kind: int) -> tuple[Any, int]:
    if kind in {_SHORT, INT, LONG}:
        return _read_signed(data, at)
    if kind == BINARY:
        length, at = _read_varint(data, at)
        return data[at : at + length], at + length
    if kind == STRUCT:
        return read_struct(data, at)
    if kind in {LIST, _SET}:
        return _read_list(data, at)
    if kind == _BYTE or kind in _BOOLS:
        return data[at], at + 1
    if kind == _DOUBLE:
        return data[at : at + 8], at + 8
    raise NotParquetError(f"a footer with a value of kind {kind}")


def _read_list(data: bytes, at: int) -> tuple[tuple[int, list[Any]], int]:
    head = data[at]
    at += 1
    count, kind = head >> 4, head & 0x0F
    if count == 15:
        count, at = _read_varint(data, at)
    values = []
    for _ in range(count):
        value, at = _read_value(data, at, kind)
        values.append(value)
    return (kind, values), at


def write_varint(out: bytearray, value: int) -> None:
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)


def _write_signed(out: bytearray, value: int) -> None:
    write_varint(out, (value << 1) ^ (value >> 63))


def write_struct(out: bytearray, struct: Struct) -> None:
    last = 0
    for number in sorted(struct):
        kind, value = struct[number]
        if 0 < number - last < 16:
            out.append((number - last) << 4 | kind)
        else:
            out.append(kind)
            _write_signed(out, number)
        last = number
        if kind not in _BOOLS:
            _write_value(out, kind, value)
    out.append(0)


def _write_value(out: bytearray, kind: int, value: Any) -> None:
    if kind in {_SHORT, INT, LONG}:
        _write_signed(out, value)
    elif kind == BINARY:
        write_varint(out, len(value))
        out += value
    elif kind == STRUCT:
        write_struct(out, value)
    elif kind in {LIST, _SET}:
        inner, values = value
        if len(values) < 15:
            out.append(len(values) << 4 | inner)
        else:
            out.append(0xF0 | inner)
            write_varint(out, len(values))
        for each in values:
            _write_value(out, inner, each)
    elif kind == _DOUBLE:
        out += value
    else:
        out.append(value)
