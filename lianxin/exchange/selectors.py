"""Reading the exchange: the list for everybody, one's own offers, what waits for a check."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.allocation import api as allocation
from lianxin.exchange import policies
from lianxin.exchange.constants import KIND_ICONS, KINDS_OF_SERVICE
from lianxin.exchange.models import Resource
from lianxin.exchange.rules import Audience, Kind, State, Way
from lianxin.kit import clock
from lianxin.kit.paging import Page, page_of
from lianxin.kit.pinyin import spelled
from lianxin.kit.text import clean
from lianxin.orgs.api import Actor, Level, Organisation, below_q
from lianxin.partners.api import Contact, own_partners
from lianxin.ui.slots import HomeCard

BOOKED = "exchange.resource"
VOUCHER = "exchange.voucher"
_PAST_ALL = "\U0010ffff"


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What somebody looks for."""

    search: str = ""
    kind: str = ""
    audience: str = ""
    district: Organisation | None = None
    day: dt.date | None = None


def resource_page(wish: Wish, *, after: str | None = None) -> Page[Resource]:
    """List what can be had, by title. One query."""
    rows = policies.open_to_all(_told(Resource.objects.all()))
    if wish.kind in set(Kind):
        rows = rows.filter(kind=wish.kind)
    if wish.audience in {Audience.WORKERS, Audience.UNIONS}:
        rows = rows.filter(audience__in=[wish.audience, Audience.BOTH])
    if wish.district is not None:
        rows = rows.filter(below_q(wish.district.path, prefix="partner__organisation"))
    if wish.day is not None:
        rows = rows.filter(starts_on__lte=wish.day, ends_on__gte=wish.day)
    if typed := clean(wish.search)[:60]:
        wanted = Q(title__icontains=typed) | Q(words__icontains=typed) | Q(place__icontains=typed)
        wanted |= Q(partner__name__icontains=typed)
        if key := spelled(typed):
            wanted |= Q(sort_key__gte=key, sort_key__lt=key + _PAST_ALL)
        rows = rows.filter(wanted)
    return page_of(rows, after, size=30, order=("sort_key", "id"))


def offers_card(code: str) -> HomeCard | None:
    """Draw what partners have at once for a service of the catalogue; None: nothing. One query at most."""
    kind = KINDS_OF_SERVICE.get(code)
    if kind is None:
        return None
    rows = policies.open_to_all(_told(Resource.objects.filter(kind=kind)))
    found = list(
        rows.filter(audience__in=[Audience.WORKERS, Audience.BOTH]).order_by("sort_key", "pk")[:4]
    )
    if not found:
        return None
    return HomeCard(
        title=_("Partners have this now"), template="exchange/_offers_part.html",
        context={"rows": found, "sign": KIND_ICONS[kind]}, more_label=_("All of it"),
        more_url=f"{reverse('exchange:resource_list')}?kind={kind}",
    )  # fmt: skip


def districts() -> list[Organisation]:
    """List the districts one can look in. One query."""
    rows = Organisation.objects.filter(level=Level.DISTRICT, state=Organisation.State.IN_FORCE)
    return list(rows.order_by("path")[:100])


def resource_shown(resource_id: uuid.UUID) -> Resource | None:
    """Return an offer everybody may see."""
    rows = policies.open_to_all(_told(Resource.objects.all()))
    return rows.filter(pk=resource_id).first()


def own_page(account_id: uuid.UUID | None, *, after: str | None = None) -> Page[Resource]:
    """List what one's partners offer, the newest first. One query."""
    rows = policies.own_of(account_id, _told(Resource.objects.all()))
    return page_of(rows, after, size=30, order=("-offered_at", "-id"))


def own_resource(account_id: uuid.UUID | None, resource_id: uuid.UUID) -> Resource | None:
    """Return an offer of a partner one speaks for."""
    rows = policies.own_of(account_id, _told(Resource.objects.all()))
    return rows.filter(pk=resource_id).first()


def desk_page(actor: Actor, *, after: str | None = None) -> Page[Resource]:
    """List what an officer's partners offer or offered and is not ended, the newest first. One query."""
    rows = policies.visible_to(actor, _told(Resource.objects.exclude(state=State.ENDED)))
    return page_of(rows, after, size=30, order=("-offered_at", "-id"))


def waiting(actor: Actor) -> QuerySet[Resource]:
    """List what waits for an officer's check."""
    rows = policies.visible_to(actor, Resource.objects.filter(state=State.OFFERED))
    rows = rows.exclude(offered_by_id=actor.account_id)
    return rows.exclude(partner__in=own_partners(actor.account_id).values("pk"))


def desk_resource(actor: Actor, resource_id: uuid.UUID) -> Resource | None:
    """Return an offer in an officer's reach."""
    rows = policies.visible_to(actor, _told(Resource.objects.all()))
    return rows.filter(pk=resource_id).first()


def reason_of(resource_id: uuid.UUID) -> str:
    """Return why an offer was taken down. One query."""
    return Resource.objects.filter(pk=resource_id).values_list("reason", flat=True).first() or ""


def pool_of(resource: Resource) -> allocation.Pool | None:
    """Return the batch of vouchers of an offer. One query, none where it has no vouchers."""
    if resource.way != Way.VOUCHER:
        return None
    rows = allocation.Pool.objects.filter(kind=VOUCHER, object_id=resource.pk)
    return rows.select_related("organisation").first()


def bookable_of(resource: Resource) -> allocation.Bookable | None:
    """Return what unions book of an offer. One query, none where nothing is booked."""
    if resource.way != Way.BOOKED:
        return None
    return next(iter(allocation.bookables_of(BOOKED, resource.pk)), None)


def contacts_of(resource_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """List the accounts that speak for the partner of an offer today. One query."""
    partner = Resource.objects.filter(pk=resource_id).values("partner_id")
    rows = Contact.objects.filter(partner__in=partner, partner__state="in_force", ended_on=None)
    return frozenset(rows.values_list("account_id", flat=True))


def booking_of(account_id: uuid.UUID | None, booking_id: uuid.UUID) -> allocation.Booking | None:
    """Return a booking of something one's partners offer."""
    own = policies.own_of(account_id, Resource.objects.filter(way=Way.BOOKED))
    rows = allocation.bookings_of_things(BOOKED, list(own.values_list("pk", flat=True)))
    return rows.filter(pk=booking_id).first()


def bookings_of(resource: Resource) -> list[allocation.Booking]:
    """List who comes, or asks to come, from today on. One query."""
    rows = allocation.bookings_of_things(BOOKED, [resource.pk])
    return list(rows.filter(ends_at__gte=clock.now())[:50])


def _told(rows: QuerySet[Resource]) -> QuerySet[Resource]:
    return rows.select_related("partner__organisation")
