"""The inbox, what is on its way outside, and what the development twins would have sent."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.vault.api import IndexField, SealedField


class InboxMessage(models.Model):
    """One message to one account (站内信). The inbox is the truth; other channels only say: look."""

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    account_id = models.UUIDField()
    kind = models.CharField(max_length=64)
    key = models.CharField(max_length=200)
    title = SealedField()
    body = SealedField()
    url = models.CharField(max_length=500, blank=True, default="")
    urgent = models.BooleanField(default=False)
    discreet = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)
    carried_at = models.DateTimeField(null=True, help_text="when other channels took it over")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account_id", "key"], name="notify_one_message_a_key")
        ]
        indexes: ClassVar = [
            models.Index(fields=["account_id", "-created_at", "-id"], name="notify_by_account"),
            models.Index(
                fields=["account_id"], condition=models.Q(read_at=None), name="notify_unread"
            ),
            models.Index(
                fields=["created_at"], condition=models.Q(carried_at=None), name="notify_uncarried"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.created_at:%Y-%m-%d}"


class Outgoing(models.Model):
    """One text message or mail on its way; its words and address are gone once it is sent."""

    class Channel(models.TextChoices):
        SMS = "sms"
        MAIL = "mail"

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        DROPPED = "dropped"

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    channel = models.CharField(max_length=4, choices=Channel.choices)
    key = models.CharField(max_length=200, unique=True)
    address = SealedField()
    address_index = IndexField(purposes=("phone", "mail"))
    subject = SealedField()
    text = SealedField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    useful_until = models.DateTimeField()
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["address_index", "created_at"], name="notify_by_address"),
            models.Index(fields=["channel", "created_at"], name="notify_by_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class OutboxSMS(models.Model):
    """What the development twins would have sent; only demo mode has a page to read it."""

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    order_id = models.UUIDField(unique=True)
    channel = models.CharField(max_length=4, choices=Outgoing.Channel.choices)
    masked = models.CharField(max_length=80)
    text = SealedField()
    sent_at = models.DateTimeField(default=clock.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.channel} {self.masked}"
