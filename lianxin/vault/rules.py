"""Sealing: authenticated encryption bound to the row it stands in, and keyed digests to find by.

A token is `v2.CIPHER.KEYID.BASE64(nonce ‖ ciphertext ‖ tag)`; older ones are
`v1.KEYID.BASE64(…)`, always AES-256-GCM, and keep opening. `bound_to` (table, column, row) and the
head of the token are the associated data: a token moved to another row does not open, and neither
does one whose head was changed. Sources: NIST SP 800-38D and RFC 8998 (GCM with AES and SM4),
GB/T 32907 (SM4), RFC 5869 (HKDF), RFC 2104 (HMAC).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, partial

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
TAG_BYTES = 16
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


class BrokenSealError(Exception):
    """The token was altered, moved to another place, or its key is gone."""


class Cipher(StrEnum):
    """How a token is sealed; both have a nonce of 96 and a tag of 128 bits."""

    AES = "aes"  # AES-256-GCM
    SM4 = "sm4"  # SM4-GCM, where commercial cryptography of GB/T 39786 is demanded


@dataclass(frozen=True, slots=True)
class Head:
    """What a token says of itself before its first secret byte."""

    version: str
    cipher: Cipher
    key_id: str

    def __str__(self) -> str:
        if self.version == "v1":
            return f"v1.{self.key_id}"
        return f"{self.version}.{self.cipher}.{self.key_id}"


def head_of(token: bytes) -> Head:
    """Raises BrokenSealError if this is no token."""
    parts = token[:128].split(b".", 3)
    try:
        if parts[0] == b"v1" and len(parts) >= 3:
            head = Head("v1", Cipher.AES, parts[1].decode("ascii"))
        elif parts[0] == b"v2" and len(parts) == 4:
            head = Head("v2", Cipher(parts[1].decode("ascii")), parts[2].decode("ascii"))
        else:
            raise BrokenSealError("not a sealed value")
    except ValueError as error:
        raise BrokenSealError("not a sealed value") from error
    if not _ID.fullmatch(head.key_id):
        raise BrokenSealError("not a sealed value")
    return head


def seal(
    data: bytes, *, key_id: str, key: bytes, bound_to: str, cipher: Cipher = Cipher.AES
) -> bytes:
    """Seal with a fresh nonce. `key` has 32 bytes; one key serves at most 2³² values (SP 800-38D)."""
    head = str(Head("v2", cipher, key_id))
    nonce = secrets.token_bytes(NONCE_BYTES)
    bound = f"{head}\n{bound_to}".encode()
    return f"{head}.".encode() + base64.urlsafe_b64encode(
        nonce + _encrypt(cipher, key, nonce, data, bound)
    )


def sealer(
    *, key_id: str, key: bytes, cipher: Cipher = Cipher.AES
) -> tuple[str, Callable[[bytes, bytes, bytes], bytes]]:
    """Return the head of tokens, and what encrypts (nonce, data, bound) for them: many a second."""
    head = str(Head("v2", cipher, key_id))
    if cipher is Cipher.AES:
        return head, AESGCM(_key_for(cipher, key)).encrypt
    return head, partial(_encrypt, cipher, key)


def unseal(token: bytes, *, key: bytes, bound_to: str) -> bytes:
    """Raises BrokenSealError if the token does not belong to this place and key."""
    head = head_of(token)
    try:
        body = token[len(str(head)) + 1 :]
        raw = base64.b64decode(body, altchars=b"-_", validate=True)
        if base64.urlsafe_b64encode(raw) != body:
            raise BrokenSealError("the sealed value was altered")  # loose bits of the last letter
        nonce, sealed = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
        if head.version == "v1":
            return AESGCM(key).decrypt(nonce, sealed, f"v1\n{head.key_id}\n{bound_to}".encode())
        return _decrypt(head.cipher, key, nonce, sealed, f"{head}\n{bound_to}".encode())
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise BrokenSealError("the sealed value does not open here") from error


def blind_index(value: str, *, key_id: str, key: bytes, purpose: str) -> str:
    """Return a digest that equal values share, and that says nothing without the key."""
    typed = f"{purpose}\n{value}".encode()
    return f"{key_id}:{hmac.digest(key, typed, 'sha256').hex()}"


def index_over(digest: str, *, key_id: str, key: bytes) -> str:
    """Return the digest of a digest, under a later key: made without knowing the value."""
    typed = f"over\n{digest}".encode()
    return f"{key_id}:{hmac.digest(key, typed, 'sha256').hex()}"


@lru_cache(maxsize=256)
def _key_for(cipher: Cipher, key: bytes) -> bytes:
    # No two algorithms ever share a key, though one data key serves both.
    length = 32 if cipher is Cipher.AES else 16
    return HKDF(SHA256(), length, salt=None, info=f"lianxin.vault.{cipher}".encode()).derive(key)


def _encrypt(cipher: Cipher, key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes:
    own = _key_for(cipher, key)
    if cipher is Cipher.AES:
        return AESGCM(own).encrypt(nonce, data, bound)
    made = BlockCipher(algorithms.SM4(own), modes.GCM(nonce)).encryptor()
    made.authenticate_additional_data(bound)
    return made.update(data) + made.finalize() + made.tag


def _decrypt(cipher: Cipher, key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    own = _key_for(cipher, key)
    if cipher is Cipher.AES:
        return AESGCM(own).decrypt(nonce, sealed, bound)
    if len(sealed) < TAG_BYTES:
        raise InvalidTag
    tag = sealed[-TAG_BYTES:]
    made = BlockCipher(algorithms.SM4(own), modes.GCM(nonce, tag)).decryptor()
    made.authenticate_additional_data(bound)
    return made.update(sealed[:-TAG_BYTES]) + made.finalize()
