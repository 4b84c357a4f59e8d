"""Sealed contents on disk, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path

from lianxin.files import conf


def write(file_id: uuid.UUID, sealed: bytes | Iterable[bytes]) -> None:
    """Write a content, whole or in parts of a line each; after a power cut it is there or not."""
    parts = [sealed] if isinstance(sealed, bytes) else sealed
    target = _path(file_id)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".part", delete=False) as out:
        for number, part in enumerate(parts):
            out.write(b"\n" + part if number else part)
        out.flush()
        os.fsync(out.fileno())
    Path(out.name).rename(target)


def read(file_id: uuid.UUID) -> bytes:
    """Raises FileNotFoundError."""
    return _path(file_id).read_bytes()


def read_parts(file_id: uuid.UUID) -> Iterator[bytes]:
    """Yield the sealed parts, one after the other. Raises FileNotFoundError."""
    with _path(file_id).open("rb") as content:
        for line in content:
            yield line.rstrip(b"\n")


def read_head(file_id: uuid.UUID) -> bytes:
    """Return how a sealed content begins. Raises FileNotFoundError."""
    with _path(file_id).open("rb") as content:
        return content.read(128)


def remove(file_id: uuid.UUID) -> None:
    _path(file_id).unlink(missing_ok=True)


def older_than(moment: float) -> Iterator[tuple[Path, uuid.UUID | None]]:
    """List what was written before a moment (seconds): its path, and its id unless it is a part."""
    for path in conf.root().glob("??/*"):
        if path.is_file() and path.stat().st_mtime < moment:
            yield path, uuid.UUID(path.stem) if path.suffix == ".sealed" else None


def _path(file_id: uuid.UUID) -> Path:
    # The last two digits are random; the first ones of a version 7 id are the time.
    return conf.root() / file_id.hex[-2:] / f"{file_id.hex}.sealed"
