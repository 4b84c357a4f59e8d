"""The arithmetic of the chain: how one row's digest follows from its content and the row before."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any


def digest(previous: str, content: Mapping[str, Any]) -> str:
    """Return the SHA-256 hex digest that binds `content` to the digest before it."""
    plain = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{plain}".encode()).hexdigest()


def moment(at: dt.datetime) -> str:
    """Write a time the same way before and after the database stored it (UTC, microseconds)."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")
