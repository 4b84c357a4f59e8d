"""Uploaded files: what is known of them; their content lies sealed on disk."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from lianxin.files.rules import Kind
from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.vault.api import SealedField


class StoredFile(models.Model):
    """One uploaded file (附件), first unclaimed, then belonging to one object."""

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    owner_id = models.UUIDField(help_text="account that sent it")
    subject_id = models.UUIDField(help_text="account whose data it is; sees who opened it")
    purpose = models.CharField(max_length=64)
    name = SealedField()
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in Kind])
    size = models.PositiveIntegerField()
    parts = models.PositiveIntegerField(default=1, help_text="in how many its content is sealed")
    sha256 = models.CharField(max_length=64)
    object_kind = models.CharField(max_length=64, blank=True, default="")
    object_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True, help_text="it is removed then, claimed or not")
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner_id", "object_kind", "created_at"], name="files_by_owner"),
            models.Index(fields=["object_kind", "object_id"], name="files_by_object"),
            models.Index(
                fields=["created_at"],
                condition=models.Q(object_kind="", deleted_at=None),
                name="files_unclaimed",
            ),
            models.Index(fields=["subject_id"], name="files_by_subject"),
            models.Index(
                fields=["expires_at"],
                condition=models.Q(expires_at__isnull=False, deleted_at=None),
                name="files_expiring",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_claimed(self) -> bool:
        return bool(self.object_kind)

    @property
    def is_image(self) -> bool:
        return self.kind == Kind.IMAGE


class AbstractPicture(models.Model):
    """A picture as pages show it (图片): a large one, one for a page, one for a list.

    Each app that shows pictures has a table of its own made of this. What it shows stands in `alt`,
    for those who cannot see it. It holds nothing but pixels: every picture is painted anew.
    """

    class Size(models.TextChoices):
        LARGE = "large"
        MEDIUM = "medium"
        SMALL = "small"

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=new_id, editable=False
    )
    alt = models.CharField(max_length=120)
    width = models.PositiveIntegerField(help_text="of the medium size, in pixels")
    height = models.PositiveIntegerField()
    large = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    medium = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    small = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.alt
