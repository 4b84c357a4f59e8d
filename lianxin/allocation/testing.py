"""Factories of pools and claims, for tests, benches and the demo."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from typing import Any

from lianxin.allocation.models import Claim, Pool
from lianxin.allocation.rules.admission import Admission, Audience, unit_of_person
from lianxin.allocation.services import Ask, PoolTerms, claim_take, pool_open
from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.orgs.api import Actor, Organisation

KIND = "trial"
_serial = itertools.count(1)


def terms_of(capacity: int = 2, **more: Any) -> PoolTerms:
    """Return terms that are open now and for a day."""
    now = clock.now()
    given: dict[str, Any] = {
        "title": "江边夜跑",
        "opens_at": now - dt.timedelta(minutes=1),
        "closes_at": now + dt.timedelta(days=1),
        "starts_at": now + dt.timedelta(days=2),
        "ends_at": now + dt.timedelta(days=2, hours=2),
        "audience": Audience.EVERYBODY,
    }
    return PoolTerms(capacity=capacity, **(given | more))


def pool_make(
    organisation: Organisation, capacity: int = 2, *, seats: tuple[str, ...] = (), **more: Any
) -> Pool:
    """Open a pool at an organisation, open now and for a day."""
    return pool_open(
        actor=Actor.system(),
        organisation_id=organisation.pk,
        kind=KIND,
        object_id=new_id(),
        terms=terms_of(capacity, **more),
        seats=seats,
    )


def claim_made(pool: Pool, account_id: uuid.UUID, **more: Any) -> Claim:
    """Take places as somebody who may, and return her claim."""
    taken = claim_take(ask_of(pool, account_id, **more))
    if taken.claim is None:
        raise ValueError(taken.fault)
    return taken.claim


def ask_of(pool: Pool, account_id: uuid.UUID, **more: Any) -> Ask:
    """Return what a person sends who may claim; each with a form of her own."""
    more.setdefault("key", f"form-{next(_serial)}")
    unit = more.pop("unit", unit_of_person(account_id))
    stratum = more.pop("stratum", 0)
    return Ask(Admission(pool.pk, account_id, unit, stratum), **more)
