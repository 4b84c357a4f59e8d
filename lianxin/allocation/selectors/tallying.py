"""What came of a pool in numbers, without anybody's name: for whoever gives, and settles."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass, field

from django.db.models import QuerySet, Sum

from lianxin.allocation.models import Claim, Gate, Scan
from lianxin.allocation.rules.claims import HOLDING
from lianxin.allocation.rules.tickets import Seen, entries_of
from lianxin.kit import clock
from lianxin.kit.workdays import SHANGHAI


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How many places were given, how many used, how often a ticket was shown once too often."""

    given: int
    used: int
    twice: int
    days: list[tuple[dt.date, int]] = field(default_factory=list)


def tally_of(pool_id: uuid.UUID) -> Tally:
    """Count a pool: places given and used, by day of use, and what was refused. Three queries."""
    sums = Claim.objects.filter(pool_id=pool_id).aggregate(used=Sum("used"))
    held = Claim.objects.filter(pool_id=pool_id, state__in=sorted(HOLDING))
    given = held.aggregate(given=Sum("size"))["given"] or 0
    scans = Scan.objects.filter(gate__pool_id=pool_id, claim__isnull=False)
    seen: dict[tuple[uuid.UUID | None, int], list[Seen]] = {}
    moments: dict[uuid.UUID, dt.datetime] = {}
    twice = 0
    rows = scans.values_list("pk", "claim_id", "claim__size", "places", "most", "verdict", "scanned_at")  # fmt: skip
    for pk, claim_id, size, places, most, verdict, at in rows.iterator(chunk_size=5000):
        seen.setdefault((claim_id, size), []).append(Seen(pk, at.timestamp(), places, most))
        moments[pk] = at
        twice += verdict == Scan.Verdict.DUPLICATE
    days: Counter[dt.date] = Counter()
    for (_claim, size), of_claim in seen.items():
        for pk, entered in entries_of(size, of_claim).items():
            if entered:
                days[moments[pk].astimezone(SHANGHAI).date()] += entered
    return Tally(given=given, used=sums["used"] or 0, twice=twice, days=sorted(days.items()))


def gates_open(pool_id: uuid.UUID) -> QuerySet[Gate]:
    """List the gates of a pool that are open."""
    rows = Gate.objects.filter(pool_id=pool_id, closed_at=None, ends_at__gt=clock.now())
    return rows.order_by("opened_at", "pk")


def gates_heard(pool_id: uuid.UUID) -> list[Gate]:
    """List the gates of a pool, shut or not, that may still bring what they scanned. One query."""
    rows = Gate.objects.filter(pool_id=pool_id, disowned_at=None).order_by("opened_at", "pk")
    return [one for one in rows if one.is_heard]
