"""Looks into the memory of a Polars series through Arrow's C data interface, which is public and needs no package.

Parquet keeps booleans and small numbers bit for bit as they lie in memory; whoever has the memory
need not go through a writer that takes them up one by one.
"""

from __future__ import annotations

import ctypes

import polars as pl

_WIDTHS = {b"b": 1, b"C": 8, b"S": 16, b"I": 32, b"L": 64}  # bits of a value, by Arrow's format
_NAME = b"arrow_array_stream"


class UnexpectedMemoryError(RuntimeError):
    """A series lies in memory otherwise than asked for."""


class _Schema(ctypes.Structure):
    pass


class _Array(ctypes.Structure):
    pass


class _Stream(ctypes.Structure):
    pass


_Schema._fields_ = [
    ("format", ctypes.c_char_p), ("name", ctypes.c_char_p), ("metadata", ctypes.c_void_p), ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64), ("children", ctypes.c_void_p), ("dictionary", ctypes.c_void_p),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Schema))), ("private", ctypes.c_void_p),
]  # fmt: skip
_Array._fields_ = [
    ("length", ctypes.c_int64), ("null_count", ctypes.c_int64), ("offset", ctypes.c_int64), ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64), ("buffers", ctypes.POINTER(ctypes.c_void_p)), ("children", ctypes.c_void_p),
    ("dictionary", ctypes.c_void_p), ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Array))), ("private", ctypes.c_void_p),
]  # fmt: skip
_Stream._fields_ = [
    ("get_schema", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Schema))),
    ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Array))),
    ("get_last_error", ctypes.c_void_p), ("release", ctypes.c_void_p), ("private", ctypes.c_void_p),
]  # fmt: skip
_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype = ctypes.c_void_p
_pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]


def memory_of(series: pl.Series) -> tuple[bytes | None, bytes]:
    """Copy out which values there are (a bit each; None: all) and the values as they lie.

    Raises:
        UnexpectedMemoryError: the series holds neither booleans nor unsigned numbers.
    """
    capsule = series.rechunk().__arrow_c_stream__()  # lives until the arrays are released below
    stream = ctypes.cast(_pointer(capsule, _NAME), ctypes.POINTER(_Stream))
    schema, array = _Schema(), _Array()
    if stream.contents.get_schema(stream, ctypes.byref(schema)):
        raise UnexpectedMemoryError
    width = _WIDTHS.get(schema.format)
    schema.release(ctypes.byref(schema))
    if width is None or stream.contents.get_next(stream, ctypes.byref(array)):
        raise UnexpectedMemoryError
    if not array.release:  # a series of nothing has no array
        return None, b""
    try:
        return _copied(array, 0, 1), _copied(array, 1, width) or b""
    finally:
        array.release(ctypes.byref(array))


def _copied(array: _Array, number: int, width: int) -> bytes | None:
    address = array.buffers[number]
    if not address:
        return None
    size = (array.length * width + 7) // 8
    byte, bit = divmod(array.offset * width, 8)
    raw = ctypes.string_at(address + byte, (bit + array.length * width + 7) // 8)
    # A slice may begin within a byte.
    return (int.from_bytes(raw, "little") >> bit).to_bytes(size, "little") if bit else raw
