"""The keys that seal and find: `data-ID.wrapped` and `index-ID.wrapped`, wrapped by a master key.

A file from before there were master keys (`data-ID.key`, the bare key) is read as well, until
`keys_rotate --master` wraps it.
"""

from __future__ import annotations

import base64
import fcntl
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from lianxin.vault.adapters import folder as files
from lianxin.vault.adapters.kms import kms

DATA = "data"
INDEX = "index"
KINDS = (DATA, INDEX)


class BusyError(Exception):
    """Another process is changing the keys."""


def current(kind: str) -> tuple[str, bytes]:
    """Return (id, 32 bytes) of the newest key of a kind, making the first one where there is none."""
    key_id = files.newest_id(_folder(), kind) or create(kind)
    return key_id, by_id(kind, key_id)


def by_id(kind: str, key_id: str) -> bytes:
    """Raises KeyError if the folder holds no such key."""
    if not key_id.isdigit():
        raise KeyError(key_id)
    return _read(
        str(settings.VAULT_KEYS), kind, key_id, settings.VAULT_KMS, str(settings.VAULT_MASTER_KEYS)
    )


def ids(kind: str) -> list[str]:
    """List the ids of the keys of a kind, oldest first."""
    return files.ids(_folder(), kind)


def create(kind: str) -> str:
    """Write a new key and return its id; from now on it is the current one."""
    return files.add(
        _folder(), kind, lambda key_id: _wrapped(kind, key_id, secrets.token_bytes(32)),
        suffix=".wrapped",
    )  # fmt: skip


def master_of(kind: str, key_id: str) -> str:
    """Return the id of the master key that wraps it; "" for a bare one."""
    path = _path(_folder(), kind, key_id)
    return "" if path.suffix == ".key" else str(json.loads(files.read(path))["master"])


def rewrap() -> int:
    """Wrap every key that is not wrapped by the current master key; return how many."""
    master = kms().current().id
    count = 0
    for kind in KINDS:
        for key_id in ids(kind):
            if master_of(kind, key_id) == master:
                continue
            old, key = _path(_folder(), kind, key_id), by_id(kind, key_id)
            # The new file stands before the bare one goes: the key can be read at every moment.
            files.replace(old.with_suffix(".wrapped"), _wrapped(kind, key_id, key))
            old.with_suffix(".key").unlink(missing_ok=True)
            count += 1
    _read.cache_clear()
    return count


def retire(kind: str, key_id: str) -> None:
    """Put a key away; what it sealed opens no more."""
    files.put_away(_path(_folder(), kind, key_id))
    _read.cache_clear()


@contextmanager
def exclusive() -> Iterator[None]:
    """Keep others from rotating or retiring; a killed process lets go by itself.

    Raises:
        BusyError: another one is at it.
    """
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / ".lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BusyError("keys are being rotated or retired elsewhere") from error
        yield


def _folder() -> Path:
    return Path(settings.VAULT_KEYS)


def _path(folder: Path, kind: str, key_id: str) -> Path:
    wrapped = folder / f"{kind}-{key_id}.wrapped"
    return wrapped if wrapped.exists() else wrapped.with_suffix(".key")


def _wrapped(kind: str, key_id: str, key: bytes) -> bytes:
    master = kms().current()
    sealed = base64.b64encode(master.wrap(key, bound_to=_place(kind, key_id))).decode()
    return json.dumps({"v": 1, "master": master.id, "wrapped": sealed}).encode()


def _place(kind: str, key_id: str) -> str:
    return f"lianxin.vault.key:{kind}:{key_id}"


@lru_cache(maxsize=256)
def _read(folder: str, kind: str, key_id: str, _kms: str, _masters: str) -> bytes:
    path = _path(Path(folder), kind, key_id)
    content = files.read(path)
    if path.suffix == ".key":
        return base64.b64decode(content)
    held = json.loads(content)
    master = kms().by_id(held["master"])
    return master.unwrap(base64.b64decode(held["wrapped"]), bound_to=_place(kind, key_id))
