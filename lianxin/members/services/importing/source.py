"""The file of a run, wherever it lies: on the console's disk, or sealed in the store of files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from lianxin.files import api as files
from lianxin.kit.errors import RefusedError
from lianxin.members import conf
from lianxin.members.adapters.reading import Reader, ReadingError, in_memory
from lianxin.members.models import ImportRun
from lianxin.members.services.sentences import sentence

# The object kinds under which the store keeps what was sent, and what goes back.
ROLL_FILE = "members.roll"
REJECTIONS = "members.rejections"


@dataclass(frozen=True)
class Source:
    """A file with its name and what tells it from others."""

    name: str
    digest: str
    opened: Callable[[], IO[bytes]]

    @contextmanager
    def reader(
        self, *, columns: Any = None, batch: int = 2000, is_preview: bool = False
    ) -> Iterator[Reader]:
        """Have it read. Raises RefusedError with a sentence when it cannot be."""
        try:
            with Reader(
                self.opened, columns=columns, batch=batch, is_preview=is_preview,
                memory=conf.reader_memory(),
            ) as reader:  # fmt: skip
                yield reader
        except ReadingError as error:
            raise UnreadableError(error.code) from None


class UnreadableError(RefusedError):
    """The file holds no roll we can read; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(sentence(code))
        self.code = code


def on_disk(path: Path) -> Source:
    """Take a file of the console. Raises RefusedError if there is none, or it is too large."""
    if not path.is_file():
        raise RefusedError(_("There is no file %(name)s.") % {"name": path.name})
    if path.stat().st_size > conf.largest():
        raise RefusedError(sentence("file_large"))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Source(path.name, digest, lambda: path.open("rb"))


def in_store(run: ImportRun) -> Source:
    """Take the file of a run from the store; it is opened in memory alone.

    Raises:
        RefusedError: it has expired.
    """
    kept = files.files_of(ROLL_FILE, run.pk).first()
    if kept is None:
        raise UnreadableError("file_gone")
    return Source(run.file_name, kept.sha256, lambda: in_memory(files.file_parts(kept)))
