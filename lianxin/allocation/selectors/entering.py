"""Who came in on what: places given back after the door had let somebody in, and more people than places."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from lianxin.allocation.models import Claim, Gate, LedgerLine, Pool
from lianxin.allocation.rules.claims import HOLDING, LIVE, State, Verb
from lianxin.kit import clock

# Before it begins: from then on doors let people in.
DOORS_OPEN = dt.timedelta(hours=1)
Span = tuple[dt.datetime, dt.datetime]
_GIVES = (Verb.TOOK, Verb.DREW, Verb.ACCEPTED, Verb.MOVED_UP)
_ENDS = (Verb.CANCELLED, Verb.DROPPED)


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many came in on places they had given back, and how many more came in than there are places."""

    on_returned: int
    over: int


def is_door_open(pool: Pool) -> bool:
    """Say whether people are being let in: a door was opened for it, and it begins within the hour."""
    if pool.starts_at is None or clock.now() < pool.starts_at - DOORS_OPEN:
        return False
    return Gate.objects.filter(pool=pool).exists()


def spans_held(pool_id: uuid.UUID, claims: Iterable[Claim]) -> dict[uuid.UUID, Span]:
    """Say of claims that are over from when to when they held places; what never held any is left out.

    Read from the ledger, which nobody changes. One query, and none where all of them live.
    """
    over = [claim.pk for claim in claims if claim.pool_id == pool_id and not claim.lives]
    if not over:
        return {}
    lines = LedgerLine.objects.filter(pool_id=pool_id, claim_id__in=over, verb__in=_GIVES + _ENDS)
    since: dict[uuid.UUID | None, dt.datetime] = {}
    found: dict[uuid.UUID, Span] = {}
    for claim_id, verb, at in lines.order_by("seq").values_list("claim_id", "verb", "at"):
        if verb in _GIVES:
            since[claim_id] = at
        elif claim_id in since:
            found[claim_id] = (since[claim_id], at)
    return found


def came_on_returned(pool_id: uuid.UUID) -> QuerySet[Claim]:
    """List the claims whose people were let in while the ticket was good, and which were given back since."""
    return Claim.objects.filter(pool_id=pool_id, used__gt=0).exclude(state__in=sorted(LIVE))


def crowd_of(pool: Pool) -> Crowd:
    """Count who came in beyond what is held. Two queries."""
    returned = came_on_returned(pool.pk).aggregate(n=Sum("used"))["n"] or 0
    held = Claim.objects.filter(pool=pool, state__in=sorted(HOLDING)).aggregate(n=Sum("used"))
    return Crowd(returned, max(returned + (held["n"] or 0) - pool.capacity, 0))


def lets_in(claim: Claim, at: dt.datetime, spans: Mapping[uuid.UUID, Span]) -> bool:
    """Say whether a claim held its places at a moment of a door's clock; `spans`: see `spans_held`."""
    if claim.pk in spans:
        since, until = spans[claim.pk]
        return since <= at < until
    return claim.standing is State.CONFIRMED
