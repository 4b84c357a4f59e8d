"""Contents too large to hold at once: sealed and opened in parts, each bound to its place in the file."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Iterator
from typing import IO

from lianxin.audit import api as audit
from lianxin.files import rules
from lianxin.files.adapters import disk
from lianxin.files.models import StoredFile
from lianxin.files.rules import Kind
from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.kit.transactions import atomic
from lianxin.vault import api as vault

PART = 4 * 2**20


def file_keep(
    *,
    actor_id: uuid.UUID,
    file: IO[bytes],
    name: str,
    kind: Kind,
    purpose: str,
    object_kind: str,
    object_id: uuid.UUID,
    expires_at: dt.datetime | None = None,
) -> StoredFile:
    """Keep a file the programme itself made or has judged, for an object, until it expires.

    Any size: it is never held in memory as a whole. Whoever calls has decided that it may be kept.
    """
    size = file.seek(0, 2)
    file.seek(0)
    digest = hashlib.sha256()
    kept = StoredFile(
        id=new_id(),
        owner_id=actor_id,
        subject_id=actor_id,
        purpose=purpose,
        name=rules.clean_name(name, kind),
        kind=kind,
        size=size,
        parts=max(1, -(-size // PART)),
        object_kind=object_kind,
        object_id=object_id,
        created_at=clock.now(),
        expires_at=expires_at,
    )
    # Content before row: a row never lacks its content. A content without a row is swept away.
    disk.write(kept.pk, _sealed(kept, file, digest.update))
    kept.sha256 = digest.hexdigest()
    with atomic():
        kept.save(force_insert=True)
        audit.record(
            actor_id=actor_id,
            action="file.stored",
            kind="file",
            object_id=kept.pk,
            subject_id=kept.subject_id,
            purpose=purpose,
        )
    return kept


def file_parts(file: StoredFile) -> Iterator[bytes]:
    """Yield a content for the machine's own use, part by part; no trace is left.

    Raises:
        FileNotFoundError: the content is gone.
        BrokenSealError: a part was altered, or moved, or is missing.
    """
    number = 0
    for number, token in enumerate(disk.read_parts(file.pk), start=1):
        yield vault.open_bytes(token, bound_to=place_of(file, number))
    if number != file.parts:
        raise vault.BrokenSealError("a part of the file is missing")


def place_of(file: StoredFile, number: int) -> str:
    """Name what a part is bound to."""
    place = vault.place_of(file, "content")
    return place if file.parts == 1 else f"{place} {number}/{file.parts}"


def _sealed(
    file: StoredFile, content: IO[bytes], look: Callable[[bytes], object]
) -> Iterator[bytes]:
    for number in range(1, file.parts + 1):
        part = content.read(PART)
        look(part)
        yield vault.seal_bytes(part, bound_to=place_of(file, number))
