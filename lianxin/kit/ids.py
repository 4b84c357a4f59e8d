"""Identifiers that are made before the row exists, so that ciphertext can be bound to its row."""

from __future__ import annotations

import secrets
import threading
import uuid

from lianxin.kit import clock

_lock = threading.Lock()
_last = 0


def new_id() -> uuid.UUID:
    """Make a time-ordered UUID version 7 (RFC 9562), which keeps indexes compact.

    Within a process each is greater than the one before, also in one millisecond and after the
    clock was set back (RFC 9562, section 6.2): the order of making is the order of reading.
    """
    global _last  # noqa: PLW0603  (one counter a process is the point)
    millis = int(clock.now().timestamp() * 1000)
    with _lock:
        _last = max(millis << 12 | secrets.randbits(11), _last + 1)
        made = _last
    value = made >> 12 << 80 | 0x7 << 76 | (made & 0xFFF) << 64
    return uuid.UUID(int=value | 0b10 << 62 | secrets.randbits(62))
