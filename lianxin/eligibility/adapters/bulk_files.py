"""The files of a bulk run while they grow: what is written stays written, and a run cut off goes on.

Row groups follow each other in the order of the people. After each the journal notes how long the
files are, what the groups' entries in the footer will say, and what was counted; what lies behind
the last note is cut off when a run goes on. The footers come last.
"""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from lianxin.eligibility.adapters import parquet_footer as footer
from lianxin.eligibility.adapters.bulk import COUNTS, RESULTS, BulkError
from lianxin.eligibility.adapters.parquet_chunks import Group
from lianxin.eligibility.adapters.parquet_footer import MAGIC, Struct

_PARTS, _HELD, _JOURNAL = ".parts", ".held", "journal"
_BOOT = Path("/proc/sys/kernel/random/boot_id")


class Growing:
    """The files of one run; `marks` says what the partitions done so far counted."""

    def __init__(self, out: Path, key: str) -> None:
        self.out = out
        self.stage = out / _PARTS / key
        self.marks: list[dict[str, Any]] = []
        self._groups: dict[str, list[Struct]] = {name: [] for name in RESULTS}
        self._files: dict[str, BinaryIO] = {}

    def __enter__(self) -> Growing:
        self.stage.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            held = stack.enter_context((self.out / _PARTS / _HELD).open("w"))
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BulkError(f"{self.out}: another run is writing here") from None
            self._take_up(stack)
            self._opened = stack.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:  # fmt: skip
        self._opened.close()

    def _take_up(self, stack: ExitStack) -> None:
        """Go on behind the last note, or begin."""
        path = self.stage / _JOURNAL
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        # After a crash of the machine, notes may have reached the disk and what they tell of not.
        is_sound = lines[:1] == [_boot()] and all((self.stage / name).is_file() for name in RESULTS)
        notes = _whole_lines(lines[1:]) if is_sound else []
        ends = notes[-1]["ends"] if notes else [len(MAGIC)] * len(RESULTS)
        for name, end in zip(RESULTS, ends, strict=True):
            file = stack.enter_context((self.stage / name).open("r+b" if notes else "w+b"))
            if not notes:
                file.write(MAGIC)
            file.truncate(end)
            file.seek(end)
            self._files[name] = file
            self._groups[name] = [_read(each["groups"][name]) for each in notes if each["groups"][name]]  # fmt: skip
        self.marks = [each["mark"] for each in notes]
        self._journal = stack.enter_context(path.open("w", encoding="utf-8"))
        self._journal.write("\n".join([_boot(), *(json.dumps(each) for each in notes), ""]))
        self._journal.flush()

    def add(self, mark: Mapping[str, Any], groups: Mapping[str, Group | None]) -> None:
        """Write the row groups of the next partition, then note it."""
        ends, entries = [], {}
        for name, file in self._files.items():
            group, entries[name] = groups[name], ""
            if group is not None:
                moved = footer.moved(group.entry, file.tell() - len(MAGIC))
                file.writelines(group.bytes_of)
                file.flush()
                self._groups[name].append(moved)
                entries[name] = _written(moved).hex()
            ends.append(file.tell())
        note = {"mark": mark, "ends": ends, "groups": entries}
        self._journal.write(json.dumps(note) + "\n")
        self._journal.flush()
        self.marks.append(dict(mark))

    def finish(self, schemas: Mapping[str, Struct]) -> None:
        """Write the footers and put the files in place; the counts of an older run no longer hold."""
        (self.out / COUNTS).unlink(missing_ok=True)
        for name, file in self._files.items():
            footer.close(file, schemas[name], self._groups[name])
            file.flush()
            (self.stage / name).replace(self.out / name)

    def clear(self) -> None:
        """Remove what was needed to go on."""
        shutil.rmtree(self.out / _PARTS)


def _whole_lines(lines: Sequence[str]) -> list[dict[str, Any]]:
    """Read notes; a last one cut off in the middle does not count."""
    notes = []
    for line in lines:
        try:
            notes.append(json.loads(line))
        except ValueError:
            break
    return notes


def _boot() -> str:
    return _BOOT.read_text(encoding="ascii").strip() if _BOOT.is_file() else "-"


def _read(entry: str) -> Struct:
    struct, _end = footer.read_struct(bytes.fromhex(entry), 0)
    return struct


def _written(struct: Struct) -> bytes:
    written = bytearray()
    footer.write_struct(written, struct)
    return bytes(written)
