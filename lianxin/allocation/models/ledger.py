"""The ledger of a pool: lines that are only ever added."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models

from lianxin.allocation.models.pool import Claim, Pool
from lianxin.allocation.rules.claims import Verb


class LedgerError(TypeError):
    """Somebody tried to change what was written."""


class LedgerQuerySet(models.QuerySet["LedgerLine"]):
    def update(self, **_values: Any) -> NoReturn:
        raise LedgerError("a line of the ledger is never changed")

    def delete(self) -> NoReturn:
        raise LedgerError("a line of the ledger is never erased")


class LedgerLine(models.Model):
    """One change of a pool's places (名额台账), and how the pool stood afterwards.

    It names no person: only the claim, whose row forgets whose it was when she closes her account.
    """

    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="lines", db_index=False)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    verb = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Verb])
    claim = models.ForeignKey(
        Claim,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lines",
        db_index=False,
    )
    size = models.PositiveSmallIntegerField(default=0)
    capacity = models.PositiveIntegerField()
    taken = models.PositiveIntegerField()
    waiting = models.PositiveIntegerField()

    objects = LedgerQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pool", "seq"], name="allocation_one_line"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise LedgerError("a line of the ledger is never changed")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise LedgerError("a line of the ledger is never erased")
