"""Keys that sign what people carry: cards, tickets, vouchers; checked by anyone, offline.

One line of keys a purpose. The private halves are sealed; the public ones are published. A key that
is retired signs no more; its public half stays published until the last thing it signed has expired.
"""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lianxin.audit import api as audit
from lianxin.kit import clock, tokens
from lianxin.kit.transactions import atomic
from lianxin.vault.models import SigningKey
from lianxin.vault.services.sealing import reveal

Verify = Callable[[bytes, bytes], bool]  # (signature, payload) → does it hold
# Opening a sealed key costs more than signing with it; a process keeps the few it used.
_opened: dict[uuid.UUID, Ed25519PrivateKey] = {}
_MOST_OPENED = 16


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """A public key as others fetch it; `x` is base64url (RFC 8037)."""

    key_id: str
    x: str

    def as_jwk(self) -> dict[str, str]:
        """Write it as RFC 7517 wants it."""
        return {
            "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA",
            "kid": self.key_id, "x": self.x,
        }  # fmt: skip

    def fits(self, signature: bytes, payload: bytes) -> bool:
        """Say whether a signature over a payload was made with its private half (RFC 8032)."""
        try:
            Ed25519PublicKey.from_public_bytes(tokens.decode(self.x)).verify(signature, payload)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """The key that signs now: its id, which the payload names, and the signing itself."""

    key_id: str
    sign: Callable[[bytes], bytes]


def signer_of(purpose: str) -> Signer:
    """Return what signs for a purpose now; the first key of a purpose is made when it is needed."""
    key = _current(purpose)
    if key is None:
        with atomic():
            key = _current(purpose) or _key_make(purpose, actor_id=None)
    return Signer(key.key_id, partial(_signed, key))


def signing_keys(purpose: str, *, life: dt.timedelta) -> list[PublishedKey]:
    """List the keys that signed what may still hold; `life`: how long a thing signed holds. One query."""
    rows = SigningKey.objects.filter(purpose=purpose).exclude(retired_at__lt=clock.now() - life)
    return [PublishedKey(row.key_id, row.public_key) for row in rows.order_by("created_at", "id")]


def signing_key_change(purpose: str, *, actor_id: uuid.UUID | None) -> str:
    """Sign with a new key from now on; return its id. What was signed before stays good."""
    with atomic():
        SigningKey.objects.filter(purpose=purpose, retired_at=None).update(retired_at=clock.now())
        return _key_make(purpose, actor_id=actor_id).key_id


def _current(purpose: str) -> SigningKey | None:
    rows = SigningKey.objects.filter(purpose=purpose, retired_at=None)
    return rows.order_by("-created_at", "-id").first()


def _signed(key: SigningKey, payload: bytes) -> bytes:
    private = _opened.get(key.pk)
    if private is None:
        # Opened by the machine that signs; nobody sees it.
        private = Ed25519PrivateKey.from_private_bytes(tokens.decode(reveal(key, "private_key")))
        if len(_opened) >= _MOST_OPENED:
            _opened.clear()
        _opened[key.pk] = private
    return private.sign(payload)


def _key_make(purpose: str, *, actor_id: uuid.UUID | None) -> SigningKey:
    private = Ed25519PrivateKey.generate()
    key = SigningKey(
        purpose=purpose,
        key_id=secrets.token_hex(3),
        public_key=tokens.encode(private.public_key().public_bytes_raw()),
        private_key=tokens.encode(private.private_bytes_raw()),
    )
    key.save(force_insert=True)
    audit.record(
        actor_id=actor_id,
        action="vault.signing_key_made",
        kind="vault.SigningKey",
        object_id=key.pk,
        detail={"purpose": purpose, "key_id": key.key_id},
    )
    return key
