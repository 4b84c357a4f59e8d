"""A new way in for an officer who lost hers: asked by one, agreed to by another."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.orgs.models.organisation import Organisation


class OfficerReset(models.Model):
    """An officer stands before a colleague without her password or her app (干部登录重置).

    One asks, a second person says yes, then the one who asked hands a first password over. She is
    told at once and can stop it from her own phone.
    """

    class State(models.TextChoices):
        OPEN = "open"
        CONFIRMED = "confirmed"
        HANDED = "handed"
        REFUSED = "refused"
        STOPPED = "stopped"
        WITHDRAWN = "withdrawn"
        LAPSED = "lapsed"

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    account = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    also_factors = models.BooleanField(
        default=False, help_text="app, passkeys and recovery codes are forgotten too"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    confirmed_by = models.UUIDField(null=True, blank=True, help_text="account: the second person")
    settled_by = models.UUIDField(null=True, blank=True, help_text="account; empty: time")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(state__in=["open", "confirmed"]),
                name="orgs_one_running_reset",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.state}"
