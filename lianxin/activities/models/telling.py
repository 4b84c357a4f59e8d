"""Word that goes out to everybody who signed up, and how far it has come."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lianxin.activities.models.activity import Session
from lianxin.activities.models.keys import uuid_key
from lianxin.kit import clock


class Telling(models.Model):
    """Word to everybody who signed up for a session, once each (通知报名者).

    It goes out in batches by a job of its own; cut off, it goes on behind the last who was told.
    """

    class Kind(models.TextChoices):
        CHANGED = "changed"
        WORD = "word"  # what the organiser wrote
        DAY = "day"  # the evening before
        HOURS = "hours"
        HOW = "how"  # the day after: how was it?

    class Whom(models.TextChoices):
        HOLDING = "holding"  # who has a place
        LIVING = "living"  # who waits, too
        CAME = "came"  # who was seen at the door; where nobody looked, who had a place

    id = uuid_key()
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="tellings")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    whom = models.CharField(max_length=8, choices=Whom.choices, default=Whom.LIVING)
    key = models.CharField(max_length=120, help_text="of the deed: again tells nobody twice")
    words = models.CharField(max_length=500, blank=True, default="")
    changed = models.JSONField(default=list, blank=True)
    made_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(default=clock.now, editable=False)
    cursor = models.UUIDField(
        null=True, blank=True, help_text="the last claim whose holder was told"
    )
    told = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "key"], name="activities_told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.session_id}"

    @property
    def is_running(self) -> bool:
        return self.finished_at is None and self.stopped_at is None
