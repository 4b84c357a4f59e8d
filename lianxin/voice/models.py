"""Suggestions and complaints about the service itself."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from lianxin.kit.ids import new_id
from lianxin.vault.api import SealedField


class Suggestion(models.Model):
    """What somebody wants bettered, with or without a name (意见建议、投诉).

    Without a name means for certain: no account, no address, no time of day is kept, only the
    day. The writer holds a follow-up code; the table holds its keyed digest.
    """

    class Kind(models.TextChoices):
        SUGGESTION = "suggestion"
        COMPLAINT = "complaint"
        FAULT = "fault"

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    account = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    key_index = models.CharField(
        max_length=96, unique=True, help_text="makes a second sending harmless"
    )
    follow_index = models.CharField(max_length=96, unique=True)
    about_page = models.CharField(max_length=200, blank=True, default="")
    words = SealedField()
    answer = SealedField()
    answered_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    received_on = models.DateField()
    due_on = models.DateField()
    answered_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "answered_on", "due_on"], name="voice_waiting"),
            models.Index(fields=["account", "received_on"], name="voice_mine"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.received_on}"
