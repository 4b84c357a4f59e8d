"""The arithmetic of the chain: how one row's digest follows from its content and the row before."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

# Every column but the digest and the surrogate key.
COVERED = (
    "shard", "position", "at", "actor_id", "action", "kind", "object_id", "subject_id", "purpose",
    "detail",
)  # fmt: skip


def digest(previous: str, content: Mapping[str, Any]) -> str:
    """Return the SHA-256 hex digest that binds `content` to the digest before it."""
    plain = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{plain}".encode()).hexdigest()


def moment(at: dt.datetime) -> str:
    """Write a time the same way before and after the database stored it (UTC, microseconds)."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def content(row: Sequence[Any]) -> dict[str, Any]:
    """Return what the digest of a row covers, from its columns in the order of `COVERED`."""
    covered = dict(zip(COVERED, row, strict=True))
    covered["at"] = moment(covered["at"])
    covered["actor_id"] = str(covered["actor_id"] or "")
    covered["subject_id"] = str(covered["subject_id"] or "")
    return covered
