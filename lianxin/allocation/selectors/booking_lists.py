"""Lists of bookable things and bookings: for whoever looks for one, for whoever answers."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet

from lianxin.allocation import policies
from lianxin.allocation.constants import UNIT_WORDS
from lianxin.allocation.models import Bookable, Booking
from lianxin.allocation.rules.bookings import RUNNING, TAKING, BookingState, Guests, Unions
from lianxin.allocation.rules.offering import booking_owners
from lianxin.kit import clock
from lianxin.kit.text import clean
from lianxin.orgs.api import Ability, Actor, Level, Organisation, below_q, reach_q

MOST_UNIONS = 30


def bookables_open(
    *, search: str = "", district: Organisation | None = None, unit: str = "", service: str = ""
) -> QuerySet[Bookable]:
    """List what persons may book for themselves, by place."""
    rows = Bookable.objects.filter(off_at=None).exclude(guests=Guests.NOBODY)
    if typed := clean(search)[:60]:
        rows = rows.filter(Q(title__icontains=typed) | Q(place__icontains=typed))
    if district is not None:
        rows = rows.filter(below_q(district.path))
    if unit in Bookable.Unit.values:
        rows = rows.filter(unit=unit)
    if service:
        rows = rows.filter(service=service[:64])
    return rows.select_related("organisation").order_by("title", "pk")


def bookables_of(kind: str, object_id: uuid.UUID) -> list[Bookable]:
    """List what can be booked of a thing of an app above. One query."""
    rows = Bookable.objects.filter(kind=kind, object_id=object_id, off_at=None)
    return list(rows.select_related("organisation").order_by("label", "title", "pk"))


def bookables_arranged(actor: Actor) -> QuerySet[Bookable]:
    """List the things an officer arranges."""
    rows = policies.bookables_visible_to(actor, Bookable.objects.filter(off_at=None))
    return rows.select_related("organisation").order_by("title", "pk")


def targets_for(booking: Booking, actor: Actor) -> list[Bookable]:
    """List where a booking could be moved: things of its grain that the actor arranges. One query."""
    rows = bookables_arranged(actor).filter(grain=booking.bookable.grain, units__gte=booking.size)
    return list(rows[:40])


def bookings_to_answer(actor: Actor) -> QuerySet[Booking]:
    """List what waits for the actor's yes or no, the most urgent first; a dossier's is decided there."""
    rows = Booking.objects.filter(state=BookingState.ASKED, case_id=None)
    arranged = reach_q(actor, Ability.PLACES_MANAGE, prefix="bookable__organisation")
    own = Q(account_id=actor.account_id)
    return _told(rows.filter(arranged).exclude(own)).order_by("due_at", "pk")


def bookings_ahead(actor: Actor) -> QuerySet[Booking]:
    """List who comes next to what an officer arranges."""
    rows = Booking.objects.filter(state=BookingState.CONFIRMED, ends_at__gt=clock.now())
    arranged = reach_q(actor, Ability.PLACES_MANAGE, prefix="bookable__organisation")
    return _told(rows.filter(arranged)).order_by("starts_at", "pk")


def bookings_of_things(kind: str, object_ids: list[uuid.UUID]) -> QuerySet[Booking]:
    """List the bookings of things of an app above, the next first."""
    rows = Booking.objects.filter(bookable__kind=kind, bookable__object_id__in=object_ids)
    return _told(rows.filter(state__in=sorted(TAKING - {BookingState.HELD}))).order_by("starts_at", "pk")  # fmt: skip


def bookings_of_unions(actor: Actor) -> QuerySet[Booking]:
    """List what was booked for the unions an officer arranges places for, the next first."""
    rows = Booking.objects.filter(reach_q(actor, Ability.PLACES_MANAGE, prefix="union"))
    running = rows.filter(state__in=sorted(RUNNING), ends_at__gt=clock.now())
    return _told(running).order_by("starts_at", "pk")


def bookings_lent(union_id: uuid.UUID) -> QuerySet[Booking]:
    """List what a union has for certain of things that partners own, the next first."""
    rows = Booking.objects.filter(
        union_id=union_id, state=BookingState.CONFIRMED, ends_at__gt=clock.now(),
        bookable__kind__in=booking_owners.keys(),
    )  # fmt: skip
    return _told(rows).order_by("starts_at", "pk")


def owner_name(booking: Booking) -> str:
    """Return what the partner is called that owns what was booked; "" where the union itself does."""
    owners = booking_owners.get(booking.bookable.kind)
    return owners.name(booking.bookable.object_id) if owners and owners.name else ""


def booking_own(account_id: uuid.UUID | None, booking_id: uuid.UUID) -> Booking | None:
    """Return somebody's own booking."""
    if account_id is None:
        return None
    return _told(Booking.objects.filter(pk=booking_id, account_id=account_id)).first()


def booking_of_case(case_id: uuid.UUID) -> Booking | None:
    """Return the booking a dossier carries, running or not: the last one it had."""
    return _told(Booking.objects.filter(case_id=case_id)).order_by("-made_at").first()


def bookings_held(account_id: uuid.UUID | None, *, service: str) -> list[Booking]:
    """List what somebody holds that a service decides, the newest first. One query."""
    if account_id is None:
        return []
    rows = Booking.objects.filter(
        account_id=account_id, union=None, state=BookingState.HELD, bookable__service=service
    )
    return list(_told(rows).order_by("-made_at", "-pk")[:5])


def bookings_past(account_id: uuid.UUID | None) -> QuerySet[Booking]:
    """List what is over, was given back or came to nothing; forms that were left are left out."""
    rows = Booking.objects.filter(account_id=account_id).exclude(state__in=sorted(RUNNING))
    return _told(rows.exclude(state=BookingState.LAPSED, due_at=None, case_id=None)).order_by("-starts_at", "-pk")  # fmt: skip


def unions_for(actor: Actor, bookable: Bookable) -> list[Organisation]:
    """List the unions an officer may book a thing for, her own first. One query."""
    if bookable.unions == Unions.NONE:
        return []
    is_below = bookable.unions == Unions.BELOW
    return _arranging(actor, below_q(bookable.organisation.path, prefix="") if is_below else Q())


def _told(rows: QuerySet[Booking]) -> QuerySet[Booking]:
    return rows.select_related("bookable__organisation", "union", "account")


def districts() -> list[Organisation]:
    """List the districts in which something can be booked. One query."""
    rows = Organisation.objects.filter(level=Level.DISTRICT, state=Organisation.State.IN_FORCE)
    return list(rows.order_by("path")[:100])


def units_there() -> list[tuple[str, str]]:
    """List which kinds of things can be booked, in words. One query."""
    rows = Bookable.objects.filter(off_at=None).exclude(guests=Guests.NOBODY)
    there = set(rows.values_list("unit", flat=True).distinct())
    return [(code, str(words)) for code, words in UNIT_WORDS if code in there]


def offering_unions(actor: Actor) -> list[Organisation]:
    """List the unions an officer may offer something of, her own first. One query."""
    return _arranging(actor, Q())


def _arranging(actor: Actor, where: Q) -> list[Organisation]:
    if not actor.with_ability(Ability.PLACES_MANAGE):
        return []
    rows = Organisation.objects.filter(
        where, reach_q(actor, Ability.PLACES_MANAGE, prefix=""), state=Organisation.State.IN_FORCE
    )
    return list(rows.order_by("depth", "path")[:MOST_UNIONS])


def may_offer(actor: Actor) -> bool:
    """Say whether somebody may offer anything at all."""
    return actor.can(Ability.PLACES_MANAGE)
