"""Key files in a folder only the service may enter, and master keys kept in such files."""

from __future__ import annotations

import base64
import os
import secrets
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from lianxin.vault import conf, rules

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
# A folder touched less than this ago may change again without its clock showing it.
_SETTLED_NS = 2_000_000_000
_newest: dict[tuple[Path, str], tuple[int, str]] = {}


@dataclass(frozen=True, slots=True)
class FolderKey:
    """A master key in a file, `master-ID.key`."""

    id: str
    key: bytes

    def wrap(self, key: bytes, *, bound_to: str) -> bytes:
        return rules.seal(
            key, key_id=self.id, key=self.key, bound_to=bound_to, cipher=conf.cipher()
        )

    def unwrap(self, wrapped: bytes, *, bound_to: str) -> bytes:
        return rules.unseal(wrapped, key=self.key, bound_to=bound_to)

    def __repr__(self) -> str:
        return f"<FolderKey {self.id}>"


class FolderKMS:
    """Master keys in `LIANXIN_MASTER_KEYS`, or else in the folder of all keys."""

    def current(self) -> FolderKey:
        folder = _master_folder()
        newest = newest_id(folder, "master")
        return self.by_id(newest) if newest else self.create()

    def by_id(self, key_id: str) -> FolderKey:
        path = _master_folder() / f"master-{key_id}.key"
        return FolderKey(key_id, _master_bytes(path))

    def create(self) -> FolderKey:
        key = base64.b64encode(secrets.token_bytes(32))
        return self.by_id(add(_master_folder(), "master", lambda _id: key, suffix=".key"))

    def retire(self, key_id: str) -> None:
        put_away(_master_folder() / f"master-{key_id}.key")
        _master_bytes.cache_clear()


def ids(folder: Path, kind: str) -> list[str]:
    """List the ids of a kind of key, oldest first."""
    names = {
        path.stem for suffix in ("key", "wrapped") for path in folder.glob(f"{kind}-*.{suffix}")
    }
    found = [name.rpartition("-")[2] for name in names]
    return sorted((one for one in found if one.isdigit()), key=int)


def newest_id(folder: Path, kind: str) -> str:
    """Return the id of the newest key, "" if there is none; sees at once what others add."""
    try:
        touched = folder.stat().st_mtime_ns
    except FileNotFoundError:
        return ""
    held = _newest.get((folder, kind))
    if held and held[0] == touched:
        return held[1]
    newest = (ids(folder, kind) or [""])[-1]
    if newest and time.time_ns() - touched > _SETTLED_NS:
        _newest[folder, kind] = (touched, newest)
    return newest


def add(folder: Path, kind: str, content: Callable[[str], bytes], *, suffix: str) -> str:
    """Write a file under the next free number; if another process was first, its key is the one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key_id = f"{1 + max((int(one) for one in _all_ids(folder, kind)), default=0):04d}"
    draft = _draft(folder, content(key_id))
    try:
        os.link(draft, folder / f"{kind}-{key_id}{suffix}")
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    _sync(folder)
    return key_id


def replace(path: Path, content: bytes) -> None:
    """Put new content in the place of a file, whole or not at all."""
    _draft(path.parent, content).rename(path)
    _sync(path.parent)


def read(path: Path) -> bytes:
    """Return the content of a key file.

    Raises:
        KeyError: there is none.
        ImproperlyConfigured: others may read it, or enter its folder.
    """
    if not path.is_file():
        raise KeyError(path.stem)
    if path.parent.stat().st_mode & _OTHERS:
        raise ImproperlyConfigured(f"others may enter {path.parent.name}/: chmod 700 it")
    if path.stat().st_mode & _OTHERS:
        raise ImproperlyConfigured(f"{path.name} may be read by others: chmod 600 it")
    return path.read_bytes()


def put_away(path: Path) -> None:
    """Move a key file to `retired/`: old backups may still need it."""
    retired = path.parent / "retired"
    retired.mkdir(mode=0o700, exist_ok=True)
    path.rename(retired / path.name)
    _sync(path.parent)


def _all_ids(folder: Path, kind: str) -> list[str]:
    # The number of a retired key is never given again.
    return ids(folder, kind) + ids(folder / "retired", kind)


def _draft(folder: Path, content: bytes) -> Path:
    draft = folder / f".draft-{secrets.token_hex(8)}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _master_folder() -> Path:
    return Path(settings.VAULT_MASTER_KEYS or settings.VAULT_KEYS)


@lru_cache(maxsize=64)
def _master_bytes(path: Path) -> bytes:
    return base64.b64decode(read(path))
