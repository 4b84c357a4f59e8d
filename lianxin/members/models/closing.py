"""A person's wish to close her account, which takes effect after fifteen working days."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lianxin.kit import clock
from lianxin.members.models.keys import uuid_key


class Closing(models.Model):
    """One wish to close an account (注销申请): until its day it can be called back."""

    id = uuid_key()
    account = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    due_on = models.DateField()
    called_back_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(called_back_at__isnull=True, done_at__isnull=True),
                name="members_one_closing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.due_on}"
