"""What is over is forgotten: who came through which door, and what was told for a place."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet, Value

from lianxin.allocation.models import Booking, BookingEntry, Claim, Gate, Scan
from lianxin.kit import clock
from lianxin.kit.transactions import atomic

KEPT = dt.timedelta(days=90)  # after the end: complaints and settlements take that long
_AT_ONCE = 1000
_Forgetting = tuple[QuerySet[Any], Callable[[QuerySet[Any]], object]]


def claims_forget(*, pool_id: uuid.UUID) -> None:
    """Let go who came and what was told, once what a pool was of is over; again changes nothing.

    For the app that opened the pool, where three months would be longer than anybody needs it. Who
    had a place stays, for those who come first because they had none.
    """
    with atomic():
        # Without a secret no phone brings them once more.
        Gate.objects.filter(pool_id=pool_id).update(secret_digest="")
        Scan.objects.filter(gate__pool_id=pool_id).delete()
        Claim.objects.filter(pool_id=pool_id).update(details=None, used=0)


def past_purge() -> int:
    """Forget scans, and what people told, of what ended three months ago; return how many rows."""
    before = clock.now() - KEPT
    forgotten = 0
    for rows, act in _past(before):
        while ids := list(rows.values_list("pk", flat=True)[:_AT_ONCE]):
            with atomic():
                act(rows.model.objects.filter(pk__in=ids))
            forgotten += len(ids)
    return forgotten


def _past(before: dt.datetime) -> list[_Forgetting]:
    """List what is forgotten of what ended by then, and how; what is forgotten is listed no more."""
    told = Q(details__isnull=False)
    bookings = Booking.objects.filter(ends_at__lt=before)
    entries = BookingEntry.objects.filter(booking__ends_at__lt=before)
    gates = Gate.objects.filter(Q(pool__ends_at__lt=before) | Q(pool__ends_at=None, ends_at__lt=before))  # fmt: skip
    return [
        (gates.exclude(secret_digest=""), lambda part: part.update(secret_digest="")),
        (Scan.objects.filter(gate__in=gates), lambda part: part.delete()),
        (
            Claim.objects.filter(told, pool__ends_at__lt=before),
            lambda part: part.update(details=None),
        ),
        (
            bookings.filter(told | ~Q(reason="")),
            lambda part: part.update(details=Value(None), reason=""),
        ),
        (entries.exclude(words=""), lambda part: part.update(words="")),
    ]
