"""One's own places: what is ahead, what was."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet

from lianxin.allocation.models import Claim
from lianxin.allocation.rules.claims import LIVE, State
from lianxin.kit import clock


def claims_ahead(account_id: uuid.UUID | None) -> QuerySet[Claim]:
    """List living claims on what has not ended yet, offers first, then by time."""
    now = clock.now()
    ahead = Q(pool__ends_at__gte=now) | Q(pool__ends_at=None)
    rows = Claim.objects.filter(ahead, account_id=account_id, state__in=LIVE)
    return rows.select_related("pool__organisation").order_by("pool__starts_at", "pk")


def claims_past(account_id: uuid.UUID | None) -> QuerySet[Claim]:
    """List what is over or was given back, the newest first."""
    over = ~Q(state__in=LIVE) | Q(pool__ends_at__lt=clock.now())
    return Claim.objects.filter(over, account_id=account_id).select_related("pool__organisation")


def offers_open(account_id: uuid.UUID | None) -> list[Claim]:
    """List what waits for her yes."""
    if account_id is None:
        return []
    rows = Claim.objects.filter(account_id=account_id, state=State.OFFERED).select_related("pool")
    return list(rows.filter(offered_until__gt=clock.now()).order_by("offered_until"))
