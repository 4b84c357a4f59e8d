"""One's own places: what is ahead, what was."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet

from lianxin.allocation.models import Claim, Draw
from lianxin.allocation.rules.claims import LIVE, State
from lianxin.allocation.selectors.draws import draws_asking
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


def offers_open(account_id: uuid.UUID) -> QuerySet[Claim]:
    """List what waits for her yes."""
    rows = Claim.objects.filter(account_id=account_id, state=State.OFFERED).select_related("pool")
    return rows.filter(offered_until__gt=clock.now()).order_by("offered_until")


def asked_of(account_id: uuid.UUID) -> tuple[list[Claim], list[Draw]]:
    """Return the offers that wait for her yes and the draws that wait for her secret.

    One query where nothing waits, as on almost every home page.
    """
    offers, draws = offers_open(account_id), draws_asking(account_id)
    waiting = offers.order_by().values_list("pk").union(draws.order_by().values_list("pk"))
    if not waiting.exists():
        return [], []
    return list(offers), list(draws[:10])
