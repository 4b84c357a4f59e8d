"""Factories of pools and claims, of bookable things and bookings, for tests, benches and the demo."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from typing import Any

from lianxin.allocation.models import Bookable, Booking, Claim, Pool
from lianxin.allocation.rules.admission import Admission, Audience, unit_of_person
from lianxin.allocation.rules.bookings import Guests
from lianxin.allocation.rules.grid import Grain, cells_of_day
from lianxin.allocation.services import (
    Ask,
    BookableTerms,
    Held,
    PoolTerms,
    Wish,
    bookable_open,
    booking_ask,
    booking_hold,
    claim_take,
    pool_open,
    ticket_of,
)
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


def ticket_made(claim: Claim) -> str:
    """Return the signed ticket of a claim, as its QR code carries it."""
    return ticket_of(claim)


def ask_of(pool: Pool, account_id: uuid.UUID, **more: Any) -> Ask:
    """Return what a person sends who may claim; each with a form of her own."""
    more.setdefault("key", f"form-{next(_serial)}")
    unit = more.pop("unit", unit_of_person(account_id))
    stratum = more.pop("stratum", 0)
    return Ask(Admission(pool.pk, account_id, unit, stratum), **more)


def stay_terms(units: int = 2, **more: Any) -> BookableTerms:
    """Return terms of beds booked by the night, up to three at a time, by whoever signs in."""
    given: dict[str, Any] = {
        "title": "江湾青年驿站 · 四人间",
        "grain": Grain.NIGHT,
        "unit": Bookable.Unit.BED,
        "most": 3,
        "guests": Guests.EVERYBODY,
    }
    return BookableTerms(units=units, **(given | more))


def bookable_make(organisation: Organisation, units: int = 2, **more: Any) -> Bookable:
    """Offer beds, or whatever `more` says, at an organisation."""
    given = {name: more.pop(name) for name in ("kind", "object_id") if name in more}
    return bookable_open(
        actor=Actor.system(),
        organisation_id=organisation.pk,
        kind=given.get("kind", KIND),
        object_id=given.get("object_id") or new_id(),
        terms=stay_terms(units, **more),
    )


def wish_of(bookable: Bookable, day: dt.date, length: int = 1, **more: Any) -> Wish:
    """Return what a person sends who wants `length` cells from a day on; `half`: of the day."""
    more.setdefault("key", f"form-{next(_serial)}")
    first = cells_of_day(bookable.cut, day).first + more.pop("half", 0)
    return Wish(bookable_id=bookable.pk, first=first, last=first + length - 1, **more)


def held(bookable: Bookable, actor: Actor, day: dt.date, length: int = 1, **more: Any) -> Held:
    return booking_hold(actor=actor, wish=wish_of(bookable, day, length, **more))


def booked(bookable: Bookable, actor: Actor, day: dt.date, length: int = 1, **more: Any) -> Booking:
    """Book and ask for it; the booking as it stands then."""
    found = held(bookable, actor, day, length, **more)
    if found.booking is None:
        raise AssertionError(found)
    details = {"name": "林晓梅", "phone": "19900000001"}
    return booking_ask(actor=actor, booking_id=found.booking.pk, details=details)
