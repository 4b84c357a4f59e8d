"""Reading the exchange: the list for everybody, one's own offers, what waits for a check."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.allocation import api as allocation
from lianxin.eligibility import api as eligibility
from lianxin.exchange import policies
from lianxin.exchange.constants import (
    KIND_ICONS,
    KIND_WORDS,
    KINDS_OF_SERVICE,
    WEEKDAY_WORDS,
)
from lianxin.exchange.models import Amendment, Picture, Resource, Telling
from lianxin.exchange.rules import Audience, Kind, State, Way, changes, plain
from lianxin.files import api as files
from lianxin.kit import clock
from lianxin.kit.paging import Page, page_of
from lianxin.kit.pinyin import spelled
from lianxin.kit.text import clean
from lianxin.orgs.api import Actor, Level, Organisation, below_q
from lianxin.partners.api import Contact, own_partners
from lianxin.ui.slots import HomeCard
from lianxin.ui.templatetags.ui import daytime

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


def vouchers_now(code: str) -> list[Resource]:
    """List the vouchers partners give now for a service of the catalogue. One query at most."""
    kind = KINDS_OF_SERVICE.get(code)
    if kind is None:
        return []
    rows = policies.open_to_all(_told(Resource.objects.filter(kind=kind, way=Way.VOUCHER)))
    return list(rows.order_by("sort_key", "pk")[:3])


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
    rows = policies.own_of(account_id, _told(Resource.objects.select_related("amendment__picture")))
    return rows.filter(pk=resource_id).first()


def desk_page(actor: Actor, *, after: str | None = None) -> Page[Resource]:
    """List what an officer's partners offer or offered and is not ended, the newest first. One query."""
    rows = policies.visible_to(actor, _told(Resource.objects.exclude(state=State.ENDED)))
    return page_of(rows, after, size=30, order=("-offered_at", "-id"))


def waiting(actor: Actor) -> QuerySet[Resource]:
    """List what waits for an officer's check: new offers, and what is to be changed."""
    asked = Q(state=State.OFFERED) & ~Q(offered_by_id=actor.account_id)
    wished = Q(state=State.PUBLISHED, amendment__isnull=False) & ~Q(amendment__asked_by_id=actor.account_id)  # fmt: skip
    rows = policies.visible_to(actor, Resource.objects.filter(asked | wished))
    return rows.exclude(partner__in=own_partners(actor.account_id).values("pk"))


def wishes(actor: Actor) -> list[Resource]:
    """List published offers of which something is to be changed, the longest waiting first. One query."""
    rows = _told(waiting(actor).filter(state=State.PUBLISHED).select_related("amendment"))
    return list(rows.order_by("amendment__asked_at", "pk")[:50])


def telling_of(resource: Resource) -> Telling | None:
    """Return the last change that was told, and how far it has come. One query."""
    return resource.tellings.order_by("-made_at").first()


def desk_resource(actor: Actor, resource_id: uuid.UUID) -> Resource | None:
    """Return an offer in an officer's reach."""
    rows = _told(Resource.objects.select_related("amendment__picture"))
    return policies.visible_to(actor, rows).filter(pk=resource_id).first()


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


def facts_of(resource: Resource, pool: allocation.Pool | None) -> list[tuple[str, str]]:
    """Say of an offer what one must know, each with its name; of its vouchers how they are given."""
    is_booked, is_batch = resource.way == Way.BOOKED, resource.way == Way.VOUCHER
    told = [
        (_("Partner"), resource.partner.name),
        (_("Kind"), str(KIND_WORDS[resource.kind])),
        (_("A member pays"), resource.price),
        (_("Where?"), resource.place),
        (_("Days"), f"{resource.starts_on} – {resource.ends_on}"),
        (_("Days of the week"), weekdays_words(resource.weekdays) if resource.weekdays else ""),
        (_("Hours"), hours_words(resource.opens, resource.closes) if is_booked else ""),
        (_("Not open"), closed_words(resource.closed_on, skips_holidays=resource.skips_holidays)),
        (_("Vouchers"), str(pool.capacity if pool else resource.quantity) if is_batch else ""),
        (_("Places at one time"), str(resource.quantity) if is_booked and resource.quantity > 1 else ""),
        *(giving_words(pool) if pool else ()),
    ]  # fmt: skip
    return [(label, value) for label, value in told if value]


def giving_words(pool: allocation.Pool) -> Iterator[tuple[str, str]]:
    """Say how the vouchers of a batch are given, and to whom."""
    if pool.method == allocation.Pool.Method.DRAW:
        how = _("By a draw that anyone can check, among all who apply by %(closes)s. Being early makes no difference.")  # fmt: skip
        yield _("How they are given"), how % {"closes": daytime(pool.closes_at)}
    else:
        yield _("How they are given"), _("In the order in which members ask.")
    if pool.audience == allocation.Audience.UNION:
        who = _("Members of %(union)s and of the unions below it.") % {"union": pool.organisation.name}  # fmt: skip
    else:
        who = _("Members of the union, whichever it is.")
    conditions = eligibility.rule_words(pool.rule) if pool.rule else []
    yield _("Who may have one"), " ".join([who, *conditions])


def changed_words(changed: Iterable[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """Say of changes what is meant, what it was and what it is; values as rows and JSON have them."""
    labels = {
        "title": _("What it is called"), "words": _("What one should know"), "place": _("Where?"),
        "price": _("A member pays"), "ends_on": _("Until which day?"),
        "weekdays": _("Days of the week"), "opens": _("Open from"), "closes": _("Open until"),
        "closed_on": _("Closed on these days"), "skips_holidays": _("Closed on public holidays"),
        "quantity": _("Places at one time"),
    }  # fmt: skip
    return [
        (labels.get(one["name"], one["name"]), _value(one["name"], one["before"]), _value(one["name"], one["after"]))
        for one in changed
    ]  # fmt: skip


def wish_words(resource: Resource) -> list[tuple[str, str, str]]:
    """Say what a contact wants changed: each thing, as it is and as it shall be."""
    wish = resource.wish
    if wish is None or wish.kind != Amendment.Kind.CHANGE:
        return []
    now = {name: plain(getattr(resource, name)) for name in wish.written}
    names = [name for name in changes(now, wish.written) if name != "quantity" or resource.way == Way.BOOKED]  # fmt: skip
    return changed_words({"name": name, "before": now[name], "after": wish.written[name]} for name in names)  # fmt: skip


def _value(name: str, value: Any) -> str:
    match name, value:
        case "weekdays", []:
            return _("every day")
        case "weekdays", _:
            return weekdays_words(value)
        case "closed_on", [*days]:
            return _(", ").join(days) or _("no day")
        case _, bool():
            return _("yes") if value else _("no")
        case (("opens" | "closes"), str()):
            return value[:5]
    return str(value) if value else _("nothing is said")


def weekdays_words(weekdays: Iterable[int]) -> str:
    """Name days of the week."""
    return _(", ").join(str(WEEKDAY_WORDS[day]) for day in sorted(weekdays))


def hours_words(opens: dt.time | None, closes: dt.time | None) -> str:
    """Say from when to when it is open; "" where nothing is said."""
    if opens is None and closes is None:
        return ""
    return f"{opens or dt.time():%H:%M} – {closes:%H:%M}" if closes else f"{opens:%H:%M} –"


def closed_words(closed_on: Iterable[str], *, skips_holidays: bool) -> str:
    """Say when it is shut though it would be open."""
    return _(", ").join([*([_("public holidays")] if skips_holidays else []), *closed_on])


def picture_data(actor: Actor, picture_id: uuid.UUID, size: str) -> tuple[bytes, bool] | None:
    """Return one size of a picture somebody may see, and whether everybody may. Three queries at most."""
    if size not in {Picture.Size.MEDIUM, Picture.Size.SMALL}:
        return None
    picture = Picture.objects.filter(pk=picture_id).select_related(size).first()
    shown, waits = Q(picture=picture_id), Q(amendment__picture=picture_id)
    is_seen = policies.open_to_all(Resource.objects.filter(shown)).exists()
    near = Resource.objects.filter(shown | waits)
    if picture is None or not (is_seen or policies.seen_near(actor, near)):
        return None
    return files.picture_content(picture, size), is_seen


def partner_name(resource_id: uuid.UUID) -> str:
    """Return what the partner of an offer is called. One query."""
    rows = Resource.objects.filter(pk=resource_id).values_list("partner__name", flat=True)
    return rows.first() or ""


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
    return rows.select_related("partner__organisation", "picture")
