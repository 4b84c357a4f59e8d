"""Doors at which tickets are scanned, and each scan."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models

from lianxin.allocation.models.keys import uuid_key
from lianxin.allocation.models.pool import Claim, Pool
from lianxin.kit import clock

TAKEN = dt.timedelta(days=30)  # after it was shut: how long its phone may bring what it scanned


class Gate(models.Model):
    """A device that lets people in for one pool (检票口): it works without a network.

    Whoever holds its address with the secret behind the `#` opens it on her phone: helpers at a
    door have no desk. Of the secret only a digest is kept, and none once what was scanned here is
    forgotten; the gate closes with the day.
    """

    id = uuid_key()
    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="gates")
    name = models.CharField(max_length=40)
    opened_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    secret_digest = models.CharField(max_length=64)
    opened_at = models.DateTimeField(default=clock.now, editable=False)
    ends_at = models.DateTimeField(help_text="shuts by itself")
    closed_at = models.DateTimeField(null=True, blank=True)
    disowned_at = models.DateTimeField(
        null=True, blank=True, help_text="since when nothing more is believed of what it sends"
    )

    def __str__(self) -> str:
        return self.name

    @property
    def shut_at(self) -> dt.datetime:
        """Say from when on nobody is let in here: closed by hand, or by itself."""
        return min(self.closed_at or self.ends_at, self.ends_at)

    @property
    def is_heard(self) -> bool:
        """Say whether what it scanned before it was shut would still be taken."""
        is_in_time = self.shut_at + TAKEN >= clock.now()
        return is_in_time and bool(self.secret_digest) and self.disowned_at is None


class Scan(models.Model):
    """One look at one ticket, made by the gate with an id of its own: sent twice it counts once.

    Whichever scan of a ticket was first by the gates' clocks is its entry, whenever it arrives.
    """

    class Verdict(models.TextChoices):
        ENTRY = "entry"
        DUPLICATE = "duplicate"
        REFUSED = "refused"

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(primary_key=True)
    gate = models.ForeignKey(Gate, on_delete=models.CASCADE, related_name="scans")
    claim = models.ForeignKey(
        Claim, on_delete=models.CASCADE, null=True, blank=True, related_name="scans"
    )
    places = models.PositiveSmallIntegerField(default=0, help_text="how many went in")
    most = models.PositiveSmallIntegerField(default=0, help_text="how many the ticket was for")
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    fault = models.CharField(max_length=16, blank=True, default="")
    scanned_at = models.DateTimeField(help_text="by the gate's clock")
    arrived_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["claim", "scanned_at"], name="allocation_scans_of_claim"),
            models.Index(fields=["gate", "verdict"], name="allocation_scans_of_gate"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.scanned_at:%H:%M:%S}"
