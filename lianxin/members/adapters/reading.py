"""The handle on the reader: starts it, asks, listens, and survives whatever becomes of it."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import lianxin
from lianxin.kit import clock

_ROOT = str(Path(lianxin.__file__).parents[1])
_PROGRAM = f"import sys; sys.path.insert(0, {_ROOT!r}); from lianxin.members.adapters.reader import main; main(int(sys.argv[1]))"
_PIPE = 1 << 20
MEMORY = 3 * 2**30
SECONDS = 1200


class ReadingError(Exception):
    """The file was not read to its end; `code` has a sentence in `services.sentences`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Sheet:
    """One table of the file, as the reader tells of it."""

    name: str
    at: int
    columns: dict[str, int]
    titles: list[Any]
    rows: list[list[Any]]
    is_roll: bool
    height: int


class Reader:
    """One file being read by a process of its own.

    Raises ReadingError, from any of its methods, when the file cannot be read.
    """

    def __init__(
        self,
        opened: Callable[[], IO[bytes]],
        *,
        columns: dict[str, Any] | None = None,
        batch: int = 2000,
        is_preview: bool = False,
        is_plain: bool = False,
        memory: int = MEMORY,
    ) -> None:
        self._file = opened()
        descriptor = self._file.fileno()
        self._process = subprocess.Popen(  # noqa: S603  (our own programme)
            [sys.executable, "-I", "-X", "utf8", "-c", _PROGRAM, str(descriptor)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(descriptor,),
            env={},
        )
        _widen(self._process.stdout)
        asked = {
            "today": clock.today().isoformat(),
            "columns": columns,
            "preview": is_preview,
            "plain": is_plain,
            "batch": batch,
            "memory": memory,
            "seconds": SECONDS,
        }
        self._ask(asked)
        self.sheets = [Sheet(**told) for told in self._hear()["sheets"]]

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def batches(self) -> Iterator[list[list[Any]]]:
        """Yield the understood rows, a batch at a time, in the reader's order."""
        while "rows" in (answer := self._hear()):
            yield answer["rows"]

    def cells(self, numbers: Collection[int]) -> Iterator[tuple[int, str, int, list[Any]]]:
        """Yield number, sheet, line and cells of single rows; after the last batch."""
        self._ask({"cells": sorted(numbers)})
        while "cells" in (answer := self._hear()):
            yield from answer["cells"]

    def close(self) -> None:
        """Let the process go, whatever it is doing."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout, self._file):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self._process.wait()

    def _ask(self, asked: dict[str, Any]) -> None:
        pipe = self._process.stdin
        if pipe is not None:
            with suppress(OSError):  # it died: `_hear` will tell
                pipe.write(json.dumps(asked).encode() + b"\n")
                pipe.flush()

    def _hear(self) -> dict[str, Any]:
        pipe = self._process.stdout
        line = pipe.readline() if pipe else b""
        if not line.endswith(b"\n"):
            self.close()
            raise ReadingError("file_too_much")
        answer: dict[str, Any] = json.loads(line)
        if "fault" in answer:
            self.close()
            raise ReadingError(answer["fault"])
        return answer


def _widen(pipe: IO[bytes] | None) -> None:
    """Let the reader run ahead by a batch, where the system allows."""
    with suppress(OSError, AttributeError):
        if pipe is not None:
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)


def in_memory(parts: Iterator[bytes]) -> IO[bytes]:
    """Hold a file that must not lie open on a disk, so that a child process can read it."""
    if hasattr(os, "memfd_create"):
        file: IO[bytes] = os.fdopen(os.memfd_create("lianxin"), "w+b")
    else:  # no Linux: a file without a name
        file = tempfile.TemporaryFile()  # noqa: SIM115  (lives as long as its reader)
    for part in parts:
        file.write(part)
    file.flush()
    file.seek(0)
    return file
