"""One reading of a table of stations, and how far it has come."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from lianxin.kit import clock
from lianxin.kit.ids import new_id


class StationImport(models.Model):
    """A table of stations that was sent (批量导入): looked at first, then taken over row by row, once."""

    class State(models.TextChoices):
        READY = "ready"
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    sent_by = models.UUIDField(help_text="account; its posts decide what it may change")
    file_name = models.CharField(max_length=120)
    datum = models.CharField(max_length=8)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READY)
    rows = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0, help_text="rows gone through")
    made = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    seen = models.JSONField(default=dict, help_text="what it would do, looked at when it was sent")
    problems = models.JSONField(default=list, help_text="line, code of the reason, what exactly")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "created_at", "id"], name="stations_imports")
        ]

    def __str__(self) -> str:
        return f"{self.file_name} {self.state}"

    @property
    def percent(self) -> int:
        return 100 if not self.rows else min(100, 100 * self.done // self.rows)
