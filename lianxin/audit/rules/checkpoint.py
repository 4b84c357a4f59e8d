"""What a checkpoint says: how long each shard was, its last digest, its Merkle root; signed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any


class NotACheckpointError(ValueError):
    """The line is no checkpoint."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One shard at the moment of a checkpoint. `agreed` is set by a restore: see `Checkpoint`."""

    shard: int
    size: int
    digest: str
    root: str
    peaks: tuple[str, ...] = ()
    agreed: int | None = None

    def plain(self) -> dict[str, Any]:
        """Return it as plain data."""
        plain: dict[str, Any] = {
            "shard": self.shard, "size": self.size, "digest": self.digest, "root": self.root,
            "peaks": list(self.peaks),
        }  # fmt: skip
        return plain if self.agreed is None else plain | {"agreed": self.agreed}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One line: numbered, bound to the line before it by hash, signed with Ed25519.

    After a restore from a backup the trail goes on from an earlier row than was known. The first
    checkpoint afterwards says so in the open: `agreed` is up to where each shard is what earlier
    checkpoints knew; what they say of later rows is void.
    """

    number: int
    at: str
    previous: str
    key: str
    marks: tuple[Mark, ...]
    signature: str = field(default="", compare=False)

    def signed_part(self) -> bytes:
        """Return what the signature covers."""
        return _dump(self._plain())

    def with_signature(self, signature: str) -> Checkpoint:
        return replace(self, signature=signature)

    def line(self) -> str:
        """Return it as one line of JSON, without the end of the line."""
        return _dump(self._plain() | {"signature": self.signature}).decode()

    def mark_of(self, shard: int) -> Mark | None:
        return next((mark for mark in self.marks if mark.shard == shard), None)

    @property
    def is_restore(self) -> bool:
        return any(mark.agreed is not None for mark in self.marks)

    def _plain(self) -> dict[str, Any]:
        return {
            "v": 1, "number": self.number, "at": self.at, "previous": self.previous,
            "key": self.key, "shards": [mark.plain() for mark in self.marks],
        }  # fmt: skip

    @classmethod
    def read(cls, line: str) -> Checkpoint:
        """Raises NotACheckpointError; whether the signature fits is another question."""
        try:
            plain = json.loads(line)
            marks = tuple(
                Mark(
                    int(one["shard"]), int(one["size"]), str(one["digest"]), str(one["root"]),
                    tuple(map(str, one["peaks"])), one.get("agreed"),
                )
                for one in plain["shards"]
            )  # fmt: skip
            return cls(
                int(plain["number"]), str(plain["at"]), str(plain["previous"]), str(plain["key"]),
                marks, str(plain["signature"]),
            )  # fmt: skip
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NotACheckpointError("not a checkpoint") from error


def line_hash(line: str) -> str:
    """Return what the next line names as the one before it."""
    return hashlib.sha256(line.encode()).hexdigest()


def marks_that_hold(checkpoints: Iterable[Checkpoint], shard: int) -> list[tuple[int, Mark]]:
    """Return (number, mark) of a shard, by size; those a later restore made void are left out."""
    found: list[tuple[int, Mark]] = []
    limit: int | None = None
    for one in sorted(checkpoints, key=lambda one: one.number, reverse=True):
        mark = one.mark_of(shard)
        if mark is None:
            continue
        if limit is None or mark.size <= limit:
            found.append((one.number, mark))
        if mark.agreed is not None:
            limit = mark.agreed if limit is None else min(limit, mark.agreed)
    return sorted(found, key=lambda pair: (pair[1].size, pair[0]))


def _dump(plain: dict[str, Any]) -> bytes:
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
