"""Signed tokens that anyone checks offline: `PAYLOAD.SIGNATURE`, both base64url without padding.

The payload is a small JSON object; the signature is made over the bytes of the payload, so that
nobody has to write JSON the same way twice. Fits into a QR code and behind the `#` of an address.
"""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

LONGEST = 2048


def encode(data: bytes) -> str:
    """Write bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Read base64url without padding, strictly: one byte string has one spelling.

    Raises:
        ValueError: it is none.
    """
    if not text.isascii():
        raise ValueError("not base64url")
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise ValueError("not base64url") from None
    if encode(data) != text:
        raise ValueError("not base64url")
    return data


def payload_of(said: Mapping[str, Any]) -> bytes:
    """Return the bytes that are signed."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def signed(payload: bytes, sign: Callable[[bytes], bytes]) -> str:
    """Join a payload and its signature to a token."""
    return f"{encode(payload)}.{encode(sign(payload))}"


def token_of(typed: str) -> str:
    """Take the token out of what was scanned: it stands alone or behind the `#` of an address."""
    return typed.strip().rsplit("#", 1)[-1].strip()


def opened(token: str) -> tuple[Mapping[str, Any], bytes, bytes]:
    """Take a token apart: what it says, the signed bytes, the signature. Nothing is checked yet.

    Raises:
        ValueError: it is no token.
    """
    head, dot, tail = token.partition(".")
    if not dot or len(token) > LONGEST:
        raise ValueError("not a token")
    payload, signature = decode(head), decode(tail)
    try:
        said = json.loads(payload)
    except RecursionError:
        raise ValueError("not a token") from None
    if not isinstance(said, dict):
        raise ValueError("not a token")  # noqa: TRY004  (what came from outside is a bad value)
    return said, payload, signature


def short_id(of: uuid.UUID) -> str:
    """Write an id in 22 characters."""
    return encode(of.bytes)


def id_of(short: str) -> uuid.UUID:
    """Read an id written by `short_id`.

    Raises:
        ValueError: it is none.
    """
    return uuid.UUID(bytes=decode(short))
