"""Public notices, their lines, and objections to them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import get_language

from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.vault.api import SealedField


def _uuid_key() -> models.UUIDField[uuid.UUID, uuid.UUID]:
    return models.UUIDField(primary_key=True, default=new_id, editable=False)


class Notice(models.Model):
    """A list shown to everybody for some working days before a decision takes effect (公示).

    Cases of one kind that reach their notice at one organisation on one day share one notice:
    a single line on its own page would point at its person.
    """

    id = _uuid_key()
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    title_en = models.CharField(max_length=160)
    title_zh = models.CharField(max_length=160)
    starts_on = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "title_en", "starts_on", "ends_at"],
                name="notices_one_list_a_day",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["ended_at", "ends_at"], name="notices_running")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return self.title_en if (get_language() or "").startswith("en") else self.title_zh

    @property
    def is_running(self) -> bool:
        return self.ended_at is None and self.starts_at <= clock.now() < self.ends_at


class NoticeLine(models.Model):
    """One masked line. The person finds it by her receipt; nobody else can tell it is hers."""

    id = _uuid_key()
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="lines")
    object_kind = models.CharField(max_length=32)
    object_id = models.UUIDField()
    subject_id = models.UUIDField(null=True, help_text="account of the person, for her receipt")
    name = models.CharField(max_length=32)
    organisation_name = models.CharField(max_length=120, blank=True, default="")
    tier_en = models.CharField(max_length=80, blank=True, default="")
    tier_zh = models.CharField(max_length=80, blank=True, default="")
    amount_fen = models.PositiveBigIntegerField(null=True, blank=True)
    receipt_index = models.CharField(max_length=96, unique=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["notice", "object_kind", "object_id"], name="notices_one_line_an_object"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["object_kind", "object_id"], name="notices_by_object")
        ]
        # By a random identifier's tail, not by name or time: the order must say nothing.
        ordering: ClassVar = ["receipt_index"]

    def __str__(self) -> str:
        return self.name

    @property
    def tier(self) -> str:
        return self.tier_en if (get_language() or "").startswith("en") else self.tier_zh


class Objection(models.Model):
    """A reason, under a real name, why a line should not stand (异议)."""

    class State(models.TextChoices):
        OPEN = "open"
        UPHELD = "upheld"
        DISMISSED = "dismissed"

    id = _uuid_key()
    line = models.ForeignKey(NoticeLine, on_delete=models.PROTECT, related_name="objections")
    account = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField()
    words = SealedField()
    answer = SealedField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    lodged_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "key"], name="notices_objection_once")
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.state}"
