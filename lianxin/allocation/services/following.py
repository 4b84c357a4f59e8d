"""What becomes of places and bookable things when their union merges or closes: the heir has them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.db.models import Q
from django.utils.translation import gettext

from lianxin.allocation.models import Bookable, Booking, Pool
from lianxin.allocation.rules.bookings import RUNNING
from lianxin.kit import clock
from lianxin.orgs.api import Effect, below_q


def things_carry(
    from_id: uuid.UUID, to_id: uuid.UUID, _actor_id: uuid.UUID | None, _most: int
) -> int:
    """Hand over what is not over: open pools, things that are booked, what was booked for the union.

    They are few, so all go at once; none of them is a member, so none is counted.
    """
    ahead = Q(ends_at=None) | Q(ends_at__gt=clock.now())
    Pool.objects.filter(ahead, organisation_id=from_id, off_at=None).update(organisation_id=to_id)
    Bookable.objects.filter(organisation_id=from_id, off_at=None).update(organisation_id=to_id)
    running = Booking.objects.filter(union_id=from_id, state__in=sorted(RUNNING))
    running.update(union_id=to_id)
    return 0


def lines_stay(_codes: Mapping[uuid.UUID, Mapping[str, str]], _most: int) -> int:
    """Nothing here copies the codes above a union."""
    return 0


def nobody_counted() -> Mapping[uuid.UUID, int]:
    """No member stands here."""
    return {}


def booked_below(path: str) -> Effect:
    """Count what is booked ahead at a union and below it, for whoever changes the tree."""
    running = Booking.objects.running().filter(
        below_q(path, prefix="bookable__organisation"), ends_at__gt=clock.now()
    )
    return Effect(gettext("bookings ahead"), running.count())
