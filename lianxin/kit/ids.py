"""Identifiers that are made before the row exists, so that ciphertext can be bound to its row."""

from __future__ import annotations

import secrets
import uuid

from lianxin.kit import clock


def new_id() -> uuid.UUID:
    """Make a time-ordered UUID version 7 (RFC 9562), which keeps indexes compact."""
    millis = int(clock.now().timestamp() * 1000)
    value = (millis & (1 << 48) - 1) << 80 | 0x7 << 76 | secrets.randbits(12) << 64
    return uuid.UUID(int=value | 0b10 << 62 | secrets.randbits(62))
