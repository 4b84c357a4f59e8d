"""How far a rotation of keys is, and the keys that sign."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.vault.fields import SealedField


class Rotation(models.Model):
    """One sealing-again of everything with a new data key (密钥轮换)."""

    key_id = models.CharField(max_length=64, unique=True)
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key_id


class RotationStore(models.Model):
    """How far one round has come in one store; a new round begins with new rows."""

    rotation = models.ForeignKey(Rotation, on_delete=models.CASCADE, related_name="stores")
    store = models.CharField(max_length=200)
    cursor = models.CharField(max_length=200, blank=True, default="")
    rows = models.PositiveBigIntegerField(default=0)
    resealed = models.PositiveBigIntegerField(default=0)
    passed_over = models.PositiveBigIntegerField(default=0)
    is_walked = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rotation", "store"], name="vault_one_row_a_store_and_round"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rotation_id} {self.store}"


class IndexRotation(models.Model):
    """One change of every digest to a new index key (索引密钥轮换); from its first moment all write with it."""

    key_id = models.CharField(max_length=64, unique=True)
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    places = models.JSONField(default=dict, help_text="by column the last row of this round")
    changed = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return self.key_id


class SigningKey(models.Model):
    """A key that signs cards, tickets or vouchers (签名密钥); its public half is published."""

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    purpose = models.CharField(max_length=24, help_text="what it signs")
    key_id = models.CharField(max_length=8, unique=True, help_text="as tokens name it")
    public_key = models.CharField(max_length=64, help_text="32 bytes as base64url")
    private_key = SealedField(help_text="32 bytes as base64url")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True, help_text="signs no more")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["purpose", "retired_at"], name="vault_signing_now")
        ]

    def __str__(self) -> str:
        return self.key_id
