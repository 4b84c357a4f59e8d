"""One's own places: what is ahead, what was."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Q, QuerySet, Value
from django.http import HttpRequest

from lianxin.allocation.models import Booking, Claim, Draw, LedgerLine
from lianxin.allocation.rules.claims import LIVE, State
from lianxin.allocation.selectors.booking_calendar import bookings_running
from lianxin.allocation.selectors.draws import draws_asking
from lianxin.kit import clock
from lianxin.kit.slots import once

MOST_ON_HOME = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Ahead:
    """What the home says of her places: what waits for a yes, for a secret, what is booked, what is hers."""

    offers: list[Claim] = field(default_factory=list)
    draws: list[Draw] = field(default_factory=list)
    bookings: list[Booking] = field(default_factory=list)
    places: list[Claim] = field(default_factory=list)


def claims_ahead(account_id: uuid.UUID | None) -> QuerySet[Claim]:
    """List living claims on what has not ended yet, offers first, then by time."""
    now = clock.now()
    ahead = Q(pool__ends_at__gte=now) | Q(pool__ends_at=None)
    rows = Claim.objects.filter(ahead, account_id=account_id, state__in=LIVE)
    return rows.select_related("pool__organisation").order_by("pool__starts_at", "pk")


def claims_moved(pool_id: uuid.UUID, from_seq: int, to_seq: int) -> QuerySet[Claim]:
    """List the claims that lines of a pool's ledger are about, by key."""
    lines = LedgerLine.objects.filter(pool_id=pool_id, seq__gte=from_seq, seq__lte=to_seq)
    return Claim.objects.filter(pk__in=lines.values("claim_id")).order_by("pk")


def claims_past(account_id: uuid.UUID | None) -> QuerySet[Claim]:
    """List what is over or was given back, the newest first."""
    over = ~Q(state__in=LIVE) | Q(pool__ends_at__lt=clock.now())
    return Claim.objects.filter(over, account_id=account_id).select_related("pool__organisation")


def offers_open(account_id: uuid.UUID) -> QuerySet[Claim]:
    """List what waits for her yes."""
    rows = Claim.objects.filter(account_id=account_id, state=State.OFFERED).select_related("pool")
    return rows.filter(offered_until__gt=clock.now()).order_by("offered_until")


def places_ahead(account_id: uuid.UUID) -> QuerySet[Claim]:
    """List the places that are hers for certain, of what takes place and is not over, the next first."""
    rows = Claim.objects.filter(account_id=account_id, state=State.CONFIRMED)
    ahead = rows.filter(pool__starts_at__isnull=False, pool__ends_at__gt=clock.now())
    return ahead.select_related("pool").order_by("pool__starts_at", "pk")


def ahead_of(account_id: uuid.UUID) -> Ahead:
    """Gather what the home says of her places. One query where there is nothing, as on most home pages."""
    looked: dict[str, QuerySet[Any]] = {
        "offers": offers_open(account_id),
        "draws": draws_asking(account_id),
        "bookings": bookings_running(account_id),
        "places": places_ahead(account_id),
    }
    tags = [rows.order_by().values_list(Value(name, CharField())) for name, rows in looked.items()]
    there = {name for (name,) in tags[0].union(*tags[1:])}
    return Ahead(**{name: list(looked[name][:MOST_ON_HOME]) for name in there})


def ahead_for(request: HttpRequest) -> Ahead:
    """Return it for whoever looks, looked up once a request: several cards of the home ask."""
    if not request.user.is_authenticated:
        return Ahead()
    account_id = request.user.pk
    return once(request, "places_ahead", lambda: ahead_of(account_id))
