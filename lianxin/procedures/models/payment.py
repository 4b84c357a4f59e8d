"""Money that goes out: one payment a dossier and step, paid in batches by the finance office."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lianxin.kit import clock
from lianxin.procedures.models.dossier import Dossier, uuid_key
from lianxin.vault.api import SealedField


class PaymentBatch(models.Model):
    """Payments the finance office sends to the bank together (发放批次)."""

    id = uuid_key()
    number = models.CharField(max_length=32, unique=True)
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    exported_at = models.DateTimeField(null=True, blank=True)
    key = models.CharField(max_length=64)
    payment_count = models.PositiveIntegerField(default=0)
    total_fen = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["created_by", "key"], name="procedures_one_batch_a_key"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-created_at"], name="procedures_batches"),
        ]

    def __str__(self) -> str:
        return self.number


class Payment(models.Model):
    """One sum to one account (发放). A returned one is followed by a new one; none is paid twice."""

    class State(models.TextChoices):
        READY = "ready"
        BATCHED = "batched"
        PAID = "paid"
        RETURNED = "returned"
        CANCELLED = "cancelled"

    id = uuid_key()
    number = models.CharField(max_length=32, unique=True)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="payments")
    step_code = models.CharField(max_length=48)
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+", help_text="who pays"
    )
    payee_name = models.CharField(max_length=64)
    account = SealedField()
    amount_fen = models.PositiveBigIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.READY)
    batch = models.ForeignKey(
        PaymentBatch, on_delete=models.PROTECT, null=True, blank=True, related_name="payments"
    )
    reason = models.CharField(max_length=200, blank=True, default="", help_text="why it came back")
    opened_at = models.DateTimeField(default=clock.now)
    paid_on = models.DateField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dossier", "step_code"],
                condition=models.Q(state__in=["ready", "batched", "paid"]),
                name="procedures_one_live_payment",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organisation", "state", "opened_at", "id"], name="procedures_to_pay"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class BankReturn(models.Model):
    """One file that came back from the bank, read once (银行回盘)."""

    id = uuid_key()
    digest = models.CharField(max_length=64)
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    read_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(default=clock.now)
    result = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "digest"], name="procedures_one_reading"
            ),
        ]

    def __str__(self) -> str:
        return self.digest[:12]
