"""Lists that left the system, for what, and who stood in them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from lianxin.kit import clock
from lianxin.members.models.keys import uuid_key
from lianxin.vault.api import SealedField


class MemberExport(models.Model):
    """A list of members an officer took out, for a stated purpose, marked with its number (名册导出)."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"

    id = uuid_key()
    account_id = models.UUIDField(help_text="the officer")
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    filters: models.JSONField[Any, Any] = models.JSONField(default=dict)
    purpose = models.CharField(max_length=48)
    words = SealedField()  # what for, in her own words
    columns: models.JSONField[Any, Any] = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    rows = models.PositiveIntegerField(default=0)
    file_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account_id", "-created_at"], name="members_export_by_officer")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class ExportedMember(models.Model):
    """A member who stands in an exported list; each has a line among those who looked."""

    export = models.ForeignKey(MemberExport, on_delete=models.CASCADE, related_name="people")
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["export", "member"], name="members_once_an_export")
        ]

    def __str__(self) -> str:
        return f"{self.export_id} {self.member_id}"
