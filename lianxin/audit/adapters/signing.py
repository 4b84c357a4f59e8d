"""The Ed25519 key that signs checkpoints: `audit-0001.key` in the folder of keys."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import stat
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def own_key() -> Ed25519PrivateKey:
    """Return the newest key, making the first one where there is none."""
    found = _files()
    return _read(found[-1] if found else _create())


def own_public_keys() -> list[Ed25519PublicKey]:
    """Return what this installation has signed with."""
    return [_read(path).public_key() for path in _files()]


def public_key_from(path: Path) -> Ed25519PublicKey:
    """Read an exported key. Raises ValueError."""
    key = load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("this is no Ed25519 key")  # noqa: TRY004  (a wrong file, not a wrong call)
    return key


def pem(key: Ed25519PublicKey) -> str:
    """Return it for the exported file."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def fingerprint(key: Ed25519PublicKey) -> str:
    """Return the name a checkpoint calls it by."""
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:32]


def fits(key: Ed25519PublicKey, signature: str, data: bytes) -> bool:
    """Say whether this key signed the data."""
    try:
        key.verify(base64.b64decode(signature, validate=True), data)
    except (InvalidSignature, ValueError):
        return False
    return True


def sign(key: Ed25519PrivateKey, data: bytes) -> str:
    return base64.b64encode(key.sign(data)).decode()


def _files() -> list[Path]:
    return sorted(Path(settings.VAULT_KEYS).glob("audit-*.key"))


def _create() -> Path:
    folder = Path(settings.VAULT_KEYS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft, target = folder / f".draft-{secrets.token_hex(8)}", folder / "audit-0001.key"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, target)  # fails if another process was first: then its key is the one
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return target


def _read(path: Path) -> Ed25519PrivateKey:
    if (path.stat().st_mode | path.parent.stat().st_mode) & _OTHERS:
        raise ImproperlyConfigured(f"others may reach {path.name}: chmod 600 it, its folder 700")
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(path.read_bytes()))
