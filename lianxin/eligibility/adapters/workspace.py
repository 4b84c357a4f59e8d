"""A folder for what a pass exports: sealed with a key that only this process ever holds.

The key is made anew for each run and never written down. When the process ends, by itself or by
force, what is left of its files is noise; `reap` clears it away. A lock that dies with its process
tells the living from the dead.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from pathlib import Path
from types import TracebackType

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_LOCK = ".held"


class Workspace:
    """The folder of one run, for its owner's eyes alone; gone when the run ends."""

    def __init__(self, root: Path, name: str) -> None:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = root / f"{name}-{secrets.token_hex(4)}"
        self.key = AESGCM.generate_key(256)  # for engines that open files themselves
        self._cipher = AESGCM(self.key)

    def __enter__(self) -> Workspace:
        self.folder.mkdir(mode=0o700)
        self._lock = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:  # fmt: skip
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)

    def keep(self, name: str, data: bytes) -> None:
        """Seal a file; it opens under its own name in its own folder only."""
        nonce = os.urandom(_NONCE)
        sealed = self._cipher.encrypt(nonce, data, self._bound(name))
        path = os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(path, "wb") as file:  # noqa: PTH123  (a descriptor with its mode)
            file.write(nonce + sealed)

    def take(self, name: str) -> bytes:
        """Open a file and remove it."""
        path = self.folder / name
        sealed = path.read_bytes()
        data = self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], self._bound(name))
        path.unlink()
        return data

    def drop(self, name: str) -> None:
        """Remove a file that somebody else opened."""
        (self.folder / name).unlink(missing_ok=True)

    def _bound(self, name: str) -> bytes:
        """Bind a file to its place: under another name or in another folder it does not open."""
        return f"{self.folder.name}/{name}".encode()


def reap(root: Path) -> int:
    """Clear away the folders whose process is gone; return how many."""
    gone = 0
    for folder in root.iterdir() if root.is_dir() else ():
        if folder.is_dir() and not _is_held(folder):
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


def _is_held(folder: Path) -> bool:
    try:
        lock = os.open(folder / _LOCK, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False
