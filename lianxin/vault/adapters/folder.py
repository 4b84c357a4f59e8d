"""Keys in a folder only the service may read: `data-ID.key` to seal, `index-ID.key` to find."""

from __future__ import annotations

import base64
import os
import secrets
import stat
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def current(kind: str) -> tuple[str, bytes]:
    """Return (id, 32 bytes) of the newest key of a kind, making the first one where there is none."""
    return _newest(kind, str(settings.VAULT_KEYS))


def by_id(kind: str, key_id: str) -> bytes:
    """Raises KeyError if the folder holds no such key."""
    return _read(kind, key_id, str(settings.VAULT_KEYS))


def create(kind: str) -> str:
    """Write a new key and return its id; from now on it is the current one."""
    folder = Path(settings.VAULT_KEYS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = 1 + max(
        (int(path.stem.split("-")[1]) for path in folder.glob(f"{kind}-*.key")), default=0
    )
    target = folder / f"{kind}-{number:04d}.key"
    draft = folder / f".{kind}-{secrets.token_hex(4)}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(32)))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, target)  # fails if another process was first: then its key is the one
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    _newest.cache_clear()
    return f"{number:04d}"


@cache
def _newest(kind: str, folder: str) -> tuple[str, bytes]:
    found = sorted(Path(folder).glob(f"{kind}-*.key"))
    key_id = found[-1].stem.split("-")[1] if found else create(kind)
    return key_id, _read(kind, key_id, folder)


@cache
def _read(kind: str, key_id: str, folder: str) -> bytes:
    path = Path(folder) / f"{kind}-{key_id}.key"
    if not path.is_file() or not key_id.isdigit():
        raise KeyError(key_id)
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ImproperlyConfigured(f"{path.name} may be read by others: chmod 600 it")
    return base64.b64decode(path.read_bytes())
