"""What the person says back: objection, rating; what is then put right; and an appointment."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from lianxin.kit import clock
from lianxin.procedures.models.dossier import Dossier, uuid_key
from lianxin.procedures.models.work import Task
from lianxin.vault.api import SealedField


class Objection(models.Model):
    """A reasoned no to a decision: one a dossier, looked at one level up (异议).

    An objection to a public notice lives in `notices`; the timeline tells that there was one.
    """

    class State(models.TextChoices):
        OPEN = "open"
        UPHELD = "upheld"
        REJECTED = "rejected"

    id = uuid_key()
    dossier = models.OneToOneField(Dossier, on_delete=models.CASCADE, related_name="objection")
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    words = SealedField()
    answer = SealedField()
    lodged_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.state}"


class Rating(models.Model):
    """How the person found it, once a dossier (好差评). Never counted per officer."""

    class Level(models.IntegerChoices):
        VERY_BAD = 1
        BAD = 2
        FAIR = 3
        GOOD = 4
        VERY_GOOD = 5

    dossier = models.OneToOneField(
        Dossier, on_delete=models.CASCADE, related_name="rating", primary_key=True
    )
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    words = SealedField()
    rated_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.level}"


class Repair(models.Model):
    """What is put right after a bad rating, within 15 working days (差评整改)."""

    id = uuid_key()
    dossier = models.OneToOneField(Dossier, on_delete=models.CASCADE, related_name="repair")
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    words = SealedField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "done_at", "due_at"], name="procedures_repairs")
        ]

    def __str__(self) -> str:
        return str(self.dossier_id)


class Appointment(models.Model):
    """A time and a place with a specialist (预约)."""

    id: models.UUIDField[uuid.UUID, uuid.UUID] = uuid_key()
    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="appointment")
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="appointments")
    specialist = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    union = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+",
        help_text="the person's own union: colleagues must not meet",
    )  # fmt: skip
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=120)
    is_cancelled = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["union", "starts_at"], name="procedures_meetings"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.starts_at:%Y-%m-%d %H:%M}"
