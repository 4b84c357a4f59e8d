"""Pictures of a session, for those who were there and the members of its union."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lianxin.activities.models.activity import Session
from lianxin.activities.models.keys import uuid_key
from lianxin.activities.models.picture import Picture
from lianxin.kit import clock


class AlbumPicture(models.Model):
    """A picture of a session (活动相册图片). No machine looks for faces in it.

    Whoever added it said that the people shown agreed. Whoever sees it asks with one tap to take it
    down: then nobody sees it until an officer looked. Who asked is told to nobody.
    """

    id = uuid_key()
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="album")
    picture = models.OneToOneField(Picture, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=72, help_text="of the form, and which of its pictures")
    added_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField(default=clock.now, editable=False)
    hidden_at = models.DateTimeField(
        null=True, blank=True, help_text="somebody asked to take it down"
    )
    hidden_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="who asked; kept after an officer showed it again, so that she asks by telephone next",
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["session", "key"], name="activities_one_picture_a_form"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["hidden_at"],
                condition=models.Q(hidden_at__isnull=False),
                name="activities_hidden",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}"
