"""The audit trail: rows that are only ever added, each holding the hash of the one before.

The chain is split into a few shards so that writers do not queue behind one another. A shard's
head remembers how long it is, so that a missing last row is found as well as an edited one.
Rows hold ids, codes and digests, never a person's words: erasing a person leaves the chain whole.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from lianxin.audit import rules

SHARDS = 8


class AuditHead(models.Model):
    """The end of one shard: the row the next writer locks."""

    shard = models.PositiveSmallIntegerField(primary_key=True)
    length = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.shard}:{self.length}"


class AuditRow(models.Model):
    """One deed: who did what to what, when, and for which purpose (审计记录)."""

    shard = models.PositiveSmallIntegerField()
    position = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True, help_text="account; empty for the system itself")
    action = models.CharField(max_length=64)
    kind = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    subject_id = models.UUIDField(null=True, help_text="account of the person concerned")
    purpose = models.CharField(max_length=64, blank=True)
    detail = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shard", "position"], name="audit_one_row_a_position")
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject_id", "action", "-at"], name="audit_by_subject"),
            models.Index(fields=["kind", "object_id", "at"], name="audit_by_object"),
            models.Index(fields=["actor_id", "id"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.kind}"

    def content(self) -> dict[str, Any]:
        """Return what the digest covers: every column but the digest and the surrogate key."""
        return rules.content([getattr(self, name) for name in rules.COVERED])
