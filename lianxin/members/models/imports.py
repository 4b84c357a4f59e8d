"""Readings of workbooks into the roll."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from lianxin.kit import clock
from lianxin.members.models.keys import uuid_key
from lianxin.vault.api import SealedField


class ImportRun(models.Model):
    """One reading of one workbook into the roll (导入批次): how far it came, and what became of it."""

    class State(models.TextChoices):
        RECEIVED = "received"  # sent, not looked at yet
        READY = "ready"  # looked at: a person says what the columns are, and starts
        CHECKING = "checking"  # read through, nothing written
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"
        FAILED = "failed"
        ABANDONED = "abandoned"

    class Kind(models.TextChoices):
        ROLL = "roll"  # new people and what changed
        YEARLY = "yearly"  # 年检: the whole roll; who is missing from it is listed

    id = uuid_key()
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    takes_below = models.BooleanField(
        default=True, help_text="the unions below too, as far as its officer reached"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.ROLL)
    file_digest = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    file_id = models.UUIDField(null=True, blank=True, help_text="stored file; empty: the console's")
    columns: models.JSONField[Any, Any] = models.JSONField(
        null=True, blank=True, help_text="by sheet: header row and columns, as a person said"
    )
    preview = SealedField()  # the first rows, until the run is over
    checked: models.JSONField[Any, Any] = models.JSONField(
        null=True, blank=True, help_text="counts of a reading that wrote nothing"
    )
    fault = models.CharField(max_length=32, blank=True, default="", help_text="why it failed")
    errors_file_id = models.UUIDField(null=True, blank=True, help_text="workbook of refused rows")
    started_by = models.UUIDField(null=True, blank=True, help_text="account; empty: the console")
    state = models.CharField(max_length=12, choices=State.choices, default=State.RUNNING)
    position = models.PositiveIntegerField(default=0, help_text="rows of the sheet already settled")
    rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(default=clock.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "file_digest"], name="members_import_by_file"),
            models.Index(fields=["started_at", "id"], name="members_import_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} {self.position}"


class ImportRejection(models.Model):
    """A row of a workbook that goes back (退回行): where it stands and why, none of its content.

    Not taken; or taken without something, by a reason that is a warning.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rejections")
    row_number = models.PositiveIntegerField()
    reason = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "row_number"], name="members_one_rejection_a_row"
            )
        ]

    def __str__(self) -> str:
        return f"{self.row_number}: {self.reason}"


class ImportMark(models.Model):
    """A member a yearly check has named (年检在册): whoever has none is missing from the file."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="marks")
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "member"], name="members_one_mark_a_run")
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.member_id}"
