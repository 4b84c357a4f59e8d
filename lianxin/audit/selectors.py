"""Reading the audit trail, and proving it whole."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet

from lianxin.audit import rules
from lianxin.audit.models import AuditHead, AuditRow

OPENED = "vault.opened"


@dataclass(frozen=True)
class Breach:
    """The first place of a shard where the chain does not hold."""

    shard: int
    position: int
    reason: str


def openings_of(subject_id: uuid.UUID) -> QuerySet[AuditRow]:
    """List who opened a person's sensitive data, newest first."""
    return AuditRow.objects.filter(subject_id=subject_id, action=OPENED).order_by("-at", "-id")


def history_of(kind: str, object_id: uuid.UUID | str) -> QuerySet[AuditRow]:
    """List all deeds on one object, oldest first."""
    return AuditRow.objects.filter(kind=kind, object_id=str(object_id)).order_by("at", "id")


def breaches() -> list[Breach]:
    """Walk every shard from its start; report the first edited, missing or surplus row of each."""
    found = (_first_breach(head) for head in AuditHead.objects.order_by("shard"))
    return [breach for breach in found if breach]


def row_count() -> int:
    """Count all deeds on record."""
    return AuditRow.objects.count()


def _first_breach(head: AuditHead) -> Breach | None:
    previous, expected = "", 1
    for row in AuditRow.objects.filter(shard=head.shard).order_by("position").iterator():
        if row.position != expected:
            return Breach(head.shard, expected, "missing")
        if row.digest != rules.digest(previous, row.content()):
            return Breach(head.shard, expected, "edited")
        previous, expected = row.digest, expected + 1
    if expected - 1 != head.length or previous != head.digest:
        return Breach(head.shard, expected, "missing at the end")
    return None
