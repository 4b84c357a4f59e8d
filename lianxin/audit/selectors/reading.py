"""Reading the audit trail: by person, by object, row by row."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from lianxin.audit import rules
from lianxin.audit.models import AuditRow

OPENED = "vault.opened"
CHUNK = 5000


def openings_of(subject_id: uuid.UUID) -> QuerySet[AuditRow]:
    """List who opened a person's sensitive data, newest first."""
    return AuditRow.objects.filter(subject_id=subject_id, action=OPENED).order_by("-at", "-id")


def history_of(kind: str, object_id: uuid.UUID | str) -> QuerySet[AuditRow]:
    """List all deeds on one object, oldest first."""
    return AuditRow.objects.filter(kind=kind, object_id=str(object_id)).order_by("at", "id")


def row_count() -> int:
    """Count all deeds on record."""
    return AuditRow.objects.count()


def rows_after(
    shard: int, position: int, *, upto: int | None = None
) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Stream (what the digest covers, the digest) of a shard's rows in order.

    Read in pieces by key: no long transaction, no memory, however long the trail.
    """
    rows = AuditRow.objects.filter(shard=shard).order_by("position")
    if upto is not None:
        rows = rows.filter(position__lte=upto)
    columns = rows.values_list(*rules.COVERED, "digest")
    while piece := list(columns.filter(position__gt=position)[:CHUNK]):
        for row in piece:
            yield row[:-1], row[-1]
        position = piece[-1][1]
