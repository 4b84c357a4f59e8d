"""Readings of workbooks into the roll."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lianxin.kit import clock
from lianxin.members.models.keys import uuid_key


class ImportRun(models.Model):
    """One reading of one workbook into the roll (导入批次): how far it came, and what became of it."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        ABANDONED = "abandoned"

    id = uuid_key()
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    file_digest = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
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
            models.Index(fields=["organisation", "file_digest"], name="members_import_by_file")
        ]

    def __str__(self) -> str:
        return f"{self.file_name} {self.position}"


class ImportRejection(models.Model):
    """A row of a workbook that was not taken (退回行): where it stands and why, none of its content."""

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
