"""Writing to the audit trail."""

from __future__ import annotations

import os
import threading
import uuid
import zlib
from collections.abc import Mapping
from typing import Any

from lianxin.audit import rules
from lianxin.audit.models import SHARDS, AuditHead, AuditRow
from lianxin.kit import clock
from lianxin.kit.transactions import before_commit_together


def record(
    *,
    actor_id: uuid.UUID | None,
    action: str,
    kind: str,
    object_id: uuid.UUID | str | int,
    subject_id: uuid.UUID | None = None,
    purpose: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Queue one audit row for the end of the running transaction.

    `detail` takes ids, codes and counts only, never a person's words: rows outlive erasure.

    Raises:
        RuntimeError: outside `kit.transactions.atomic()`.
    """
    row = AuditRow(
        at=clock.now(),
        actor_id=actor_id,
        action=action,
        kind=kind,
        object_id=str(object_id),
        subject_id=subject_id,
        purpose=purpose,
        detail=dict(detail or {}),
    )
    before_commit_together(_append, row)


def _append(rows: list[AuditRow]) -> None:
    head = _head(_own_shard())
    for row in rows:
        row.shard, row.position = head.shard, head.length + 1
        row.digest = rules.digest(head.digest, row.content())
        head.length, head.digest = row.position, row.digest
    AuditRow.objects.bulk_create(rows, batch_size=500)
    head.save(update_fields=["length", "digest"])


def _head(shard: int) -> AuditHead:
    """Lock the end of a shard; an emptied database (a restore, a test) has none yet."""
    locked = AuditHead.objects.select_for_update().filter(shard=shard)
    if head := locked.first():
        return head
    AuditHead.objects.bulk_create([AuditHead(shard=shard)], ignore_conflicts=True)
    return locked.get()


def _own_shard() -> int:
    # One thread writes to one shard only, so a transaction never waits for a second head.
    return zlib.crc32(f"{os.getpid()}-{threading.get_ident()}".encode()) % SHARDS
