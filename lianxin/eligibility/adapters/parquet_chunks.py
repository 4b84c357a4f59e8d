"""Lays out column chunks of Parquet from memory: outcomes bit by bit, sorted numbers by their steps.

A general writer weighs dictionaries, counts statistics and takes values up one by one; what a bulk
run writes is known beforehand: booleans with gaps, ascending numbers of people, and long runs of
one policy. Whatever is none of these is left to Polars. (Formats: parquet.thrift, Encodings.md.)
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from lianxin.eligibility.adapters import parquet_footer as footer
from lianxin.eligibility.adapters.arrow_memory import memory_of
from lianxin.eligibility.adapters.parquet_footer import INT, LIST, LONG, MAGIC, STRUCT, Struct

BOOLEAN, INT32, INT64, BYTES = 0, 1, 2, 6  # physical types
PLAIN, RLE, DELTA, DICTIONARY = 0, 3, 5, 8  # encodings
_BINARY, _UNCOMPRESSED = 8, 0
_DATA, _DICTIONARY_PAGE = 0, 2
_KINDS: dict[pl.DataType | type[pl.DataType], int] = {
    pl.Int64: INT64, pl.Int32: INT32, pl.Int16: INT32, pl.Int8: INT32, pl.UInt32: INT32, pl.UInt16: INT32,
    pl.UInt8: INT32, pl.UInt64: INT64,
}  # fmt: skip
_STEPS = ((8, pl.UInt8), (16, pl.UInt16), (32, pl.UInt32))
_BLOCK = 1 << 16  # steps of one width: a single long one makes no more than these wide


@dataclass(frozen=True, slots=True)
class Chunk:
    """One column of one row group: its bytes, and its entry in the footer as if it stood first."""

    bytes_of: list[bytes]
    entry: Struct

    @property
    def size(self) -> int:
        return sum(len(each) for each in self.bytes_of)


@dataclass(frozen=True, slots=True)
class Group:
    """One row group: its bytes, and its entry in the footer as if it stood first."""

    bytes_of: list[bytes]
    entry: Struct


def group_of(rows: int, chunks: Iterable[Chunk]) -> Group:
    """Put chunks one after the other."""
    at, size = 0, 0
    bytes_of: list[bytes] = []
    entries: list[Struct] = []
    for chunk in chunks:
        footer.moved_chunk(chunk.entry, at)
        entries.append(chunk.entry)
        bytes_of += chunk.bytes_of
        at += chunk.size
        size += chunk.entry[footer.CHUNK_META][1][6][1]
    entry: Struct = {
        footer.GROUP_COLUMNS: (LIST, (STRUCT, entries)), footer.GROUP_SIZE: (LONG, size), footer.GROUP_ROWS: (LONG, rows),
    }  # fmt: skip
    return Group(bytes_of, entry)


# -- Booleans with gaps --------------------------------------------------------------------


def booleans(name: str, series: pl.Series) -> Chunk:
    """Write yes, no and unknown: the bits that say where there is a value, and those of the values."""
    rows = series.len()
    levels = _all_there(rows)
    if series.null_count():
        known, _values = memory_of(series)
        levels = _with_length(_packed(rows) + (known or b""))
    _known, values = memory_of(series.drop_nulls())
    return _chunk(name, BOOLEAN, rows, [_page(rows, PLAIN, [levels, values])], [PLAIN, RLE])


def _packed(rows: int) -> bytes:
    """Begin a bit-packed run of so many bits."""
    return _varint(-(-rows // 8) << 1 | 1)


def _all_there(rows: int) -> bytes:
    return _with_length(_varint(rows << 1) + b"\x01")


def _with_length(levels: bytes) -> bytes:
    return len(levels).to_bytes(4, "little") + levels


# -- Whole numbers -------------------------------------------------------------------------


def is_ascending(series: pl.Series) -> bool:
    """Tell whether the numbers of people can be written by their steps."""
    if series.dtype not in _KINDS or series.null_count() or not series.len():
        return False
    first, last = series[0], series[-1]
    room = 2**31 if _KINDS[series.dtype] == INT32 else 2**62
    return bool(series.is_sorted()) and last - first < 2**32 and last < room


def ascending(name: str, first: int, parts: Sequence[pl.Series], dtype: pl.DataType) -> Chunk:
    """Write ascending numbers, given as distances from `first`, a page a part; parts are not empty."""
    rows = sum(part.len() for part in parts)
    pages = [
        _page(part.len(), DELTA, [_all_there(part.len()), *_steps(first, part)]) for part in parts
    ]
    return _chunk(name, _KINDS[dtype], rows, pages, [DELTA, RLE])


def distances(series: pl.Series) -> pl.Series:
    """Count ascending numbers from their first: in half the memory."""
    made: pl.Series = (series - series[0]).cast(pl.UInt32)
    return made


def _steps(first: int, part: pl.Series) -> list[bytes]:
    """Write a number and the steps to the next ones (delta encoding, one width of whole bytes a block)."""
    count = part.len()
    block = min(_BLOCK, -(-max(count - 1, 1) // 128) * 128)
    head = bytearray()
    for number in (block, 1, count):
        footer.write_varint(head, number)
    _signed(head, first + part[0])
    made = [bytes(head)]
    for at in range(0, count - 1, block):
        size = min(block, count - 1 - at)
        steps = part.slice(at + 1, size) - part.slice(at, size)
        least, most = steps.min(), steps.max()
        if not isinstance(least, int) or not isinstance(most, int):
            raise TypeError("no numbers")
        made += _block(steps, least, most, block)
    return made


def _block(steps: pl.Series, least: int, most: int, block: int) -> list[bytes]:
    head = bytearray()
    _signed(head, least)
    if most == least:
        return [bytes(head), b"\0"]
    width, dtype = next(each for each in _STEPS if most - least < 1 << each[0])
    _known, values = memory_of((steps - least).cast(dtype))
    return [bytes(head), bytes([width]), values, bytes(block * width // 8 - len(values))]


def _signed(out: bytearray, value: int) -> None:
    footer.write_varint(out, value << 1 if value >= 0 else (-value << 1) - 1)


def as_polars_writes(series: pl.Series) -> Chunk:
    """Write a column of any kind, as Polars does it."""
    out = io.BytesIO()
    frame = series.to_frame()
    frame.write_parquet(out, compression="lz4", statistics=False, row_group_size=max(series.len(), 1))  # fmt: skip
    held = out.getvalue()
    own, end = footer.footer_of(held)
    groups = own[footer.ROW_GROUPS][1][1]
    [entry] = groups[0][footer.GROUP_COLUMNS][1][1]
    return Chunk([held[len(MAGIC) : end]], entry)


def element_of(series: pl.Series) -> Struct:
    """Return how the schema of a file names a column."""
    out = io.BytesIO()
    series.clear().to_frame().write_parquet(out, statistics=False)
    own, _end = footer.footer_of(out.getvalue())
    element: Struct = own[footer.SCHEMA][1][1][1]
    return element


# -- Long runs of one text -----------------------------------------------------------------


def runs(name: str, texts: Sequence[str], counts: Sequence[int]) -> Chunk:
    """Write texts, each so many times in a row: a dictionary, and how long each of its words stands."""
    rows = sum(counts)
    words = b"".join(len(raw).to_bytes(4, "little") + raw for raw in (text.encode() for text in texts))  # fmt: skip
    width = max(len(texts) - 1, 1).bit_length()
    held = bytearray([width])
    for at, count in enumerate(counts):
        if count:
            footer.write_varint(held, count << 1)
            held += at.to_bytes(-(-width // 8), "little")
    pages = [_dictionary(len(texts), words), _page(rows, DICTIONARY, [_all_there(rows), bytes(held)])]  # fmt: skip
    made = _chunk(name, BYTES, rows, pages, [PLAIN, RLE, DICTIONARY])
    meta = made.entry[footer.CHUNK_META][1]
    meta[11] = (LONG, len(MAGIC))  # of the dictionary
    meta[9] = (LONG, len(MAGIC) + sum(len(each) for each in pages[0]))
    return made


# -- Pages and footers ---------------------------------------------------------------------


def _page(rows: int, encoding: int, body: Sequence[bytes]) -> list[bytes]:
    size = sum(len(each) for each in body)
    page: Struct = {1: (INT, rows), 2: (INT, encoding), 3: (INT, RLE), 4: (INT, RLE)}
    return [_header({1: (INT, _DATA), 2: (INT, size), 3: (INT, size), 5: (STRUCT, page)}), *body]


def _dictionary(count: int, words: bytes) -> list[bytes]:
    page: Struct = {1: (INT, count), 2: (INT, PLAIN)}
    header: Struct = {
        1: (INT, _DICTIONARY_PAGE), 2: (INT, len(words)), 3: (INT, len(words)), 7: (STRUCT, page)
    }  # fmt: skip
    return [_header(header), words]


def _header(struct: Struct) -> bytes:
    written = bytearray()
    footer.write_struct(written, struct)
    return bytes(written)


def _varint(value: int) -> bytes:
    written = bytearray()
    footer.write_varint(written, value)
    return bytes(written)


def _chunk(name: str, kind: int, rows: int, pages: Sequence[list[bytes]], encodings: Sequence[int]) -> Chunk:  # fmt: skip
    bytes_of = [each for page in pages for each in page]
    size = sum(len(each) for each in bytes_of)
    meta: Struct = {
        1: (INT, kind), 2: (LIST, (INT, list(encodings))), 3: (LIST, (_BINARY, [name.encode()])),
        4: (INT, _UNCOMPRESSED), 5: (LONG, rows), 6: (LONG, size), 7: (LONG, size), 9: (LONG, len(MAGIC)),
    }  # fmt: skip
    return Chunk(bytes_of, {2: (LONG, len(MAGIC)), footer.CHUNK_META: (STRUCT, meta)})
