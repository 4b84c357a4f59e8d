"""The files of checkpoints: one a month, a line a checkpoint, only ever appended to."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


def folder() -> Path:
    return Path(settings.AUDIT_CHECKPOINTS)


def lines(place: Path) -> Iterator[tuple[str, bool]]:
    """Yield every line, oldest first, and whether it is whole (a power cut leaves half of one)."""
    for path in sorted(place.glob("audit-*.jsonl")):
        with path.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                if line.strip():
                    yield line.rstrip("\n"), line.endswith("\n")


def newest(place: Path) -> Iterator[str]:
    """Yield the lines of the newest file that has any, newest first."""
    for path in sorted(place.glob("audit-*.jsonl"), reverse=True):
        found = [
            one for one in path.read_text("utf-8", errors="replace").splitlines() if one.strip()
        ]
        if found:
            yield from reversed(found)
            return


def append(line: str, *, month: str) -> Path:
    """Write a line behind all others, and wait for the disk."""
    # A clock that was set back does not reopen an earlier month.
    path = max([folder() / f"audit-{month}.jsonl", *folder().glob("audit-*.jsonl")])
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(handle).st_size
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        data = (b"\n" if torn else b"") + line.encode() + b"\n"
        if os.write(handle, data) < len(data):
            raise OSError(f"{path.name} could not be written whole")
        os.fsync(handle)
    finally:
        os.close(handle)
    return path


@contextmanager
def alone() -> Iterator[None]:
    """Let one process write at a time."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder() / ".lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
