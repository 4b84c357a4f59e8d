"""How a session was, said by those who came: kept without anybody's name.

A table of answers beside a table of who has answered looks harmless and is not: rows of one
transaction carry its number, rows written in the same order stand in the same order, keys made of
the clock say when, and the trail of deeds says who did what at which second. Therefore answering
*deletes* the row that asked and leaves no line in the trail and no event; what is said has no
account, no moment and a key by chance. It cannot be changed afterwards: nobody knows which it was.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from lianxin.activities.models.activity import Session
from lianxin.activities.rules.opinions import Said


class Asking(models.Model):
    """Somebody who came was asked how it was, and has not answered yet (待答的征询).

    Answering deletes it: that it is gone is the only mark that she answered, and nothing leads from
    what was said to her, not even the transaction that wrote both.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+", db_index=False)
    account = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "account"], name="activities_asked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}"


class Opinion(models.Model):
    """One of three words, and perhaps a line (一句话感受).

    No account, no time, and a key by chance: a key made of the clock would say when.
    """

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=uuid.uuid4, editable=False
    )
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="opinions")
    said = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Said])
    line = models.CharField(max_length=100, blank=True, default="")

    def __str__(self) -> str:
        return self.said
