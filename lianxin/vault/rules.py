"""Sealing: AES-256-GCM bound to the row it stands in, and keyed digests to find equal values.

A token is `v1.KEYID.BASE64(nonce ‖ ciphertext ‖ tag)`. `bound_to` (table, column, row) is the
associated data: a token moved to another row does not open. Sources: NIST SP 800-38D (GCM),
RFC 2104 (HMAC).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = "v1"
NONCE_BYTES = 12


class BrokenSealError(Exception):
    """The token was altered, moved to another place, or its key is gone."""


def seal(data: bytes, *, key_id: str, key: bytes, bound_to: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = nonce + AESGCM(key).encrypt(nonce, data, _bound(key_id, bound_to))
    return f"{VERSION}.{key_id}.".encode() + base64.urlsafe_b64encode(sealed)


def key_id_of(token: bytes) -> str:
    """Raises BrokenSealError if this is no token."""
    parts = token.split(b".", 2)
    if len(parts) != 3 or parts[0] != VERSION.encode():
        raise BrokenSealError("not a sealed value")
    return parts[1].decode(errors="replace")


def unseal(token: bytes, *, key: bytes, bound_to: str) -> bytes:
    """Raises BrokenSealError if the token does not belong to this place and key."""
    key_id = key_id_of(token)
    try:
        raw = base64.urlsafe_b64decode(token.split(b".", 2)[2])
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(key_id, bound_to))
    except (InvalidTag, ValueError) as error:
        raise BrokenSealError("the sealed value does not open here") from error


def blind_index(value: str, *, key_id: str, key: bytes, purpose: str) -> str:
    """Return a digest that equal values share, and that says nothing without the key."""
    mac = hmac.new(key, f"{purpose}\n{value}".encode(), hashlib.sha256)
    return f"{key_id}:{mac.hexdigest()}"


def _bound(key_id: str, bound_to: str) -> bytes:
    return f"{VERSION}\n{key_id}\n{bound_to}".encode()
