"""The shifts somebody lent a hand in, for her own page."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lianxin.activities.models.activity import Session


class Helped(models.Model):
    """A shift somebody did (志愿服务记录), written as the list of who came is let go.

    It is hers: she reads it, takes it out, takes it along. No desk, list or export has it.
    """

    account = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+")
    minutes = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "session"], name="activities_helped_once"),
        ]

    def __str__(self) -> str:
        return f"{self.minutes}"
