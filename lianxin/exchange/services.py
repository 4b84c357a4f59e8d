"""Offering something, checking and publishing it, taking it down."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict, dataclass, replace

from django.db import IntegrityError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.allocation import api as allocation
from lianxin.audit import api as audit
from lianxin.exchange import policies
from lianxin.exchange.models import Resource
from lianxin.exchange.rules import (
    Audience,
    Fault,
    Offer,
    State,
    Verb,
    Way,
    audience_of,
    fault_of,
    halves,
    moved,
)
from lianxin.exchange.selectors import BOOKED, VOUCHER, bookable_of, contacts_of, pool_of
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.kit.workdays import SHANGHAI
from lianxin.notify.api import notify, words_for
from lianxin.orgs.api import Actor
from lianxin.partners.api import Partner

MOST_QUANTITY = 100_000
FAULTS = {
    Fault.DAYS: ("ends_on", gettext_lazy("It must end on the day it begins, or later.")),
    Fault.OVER: ("ends_on", gettext_lazy("This day is over already.")),
    Fault.LONG: ("ends_on", gettext_lazy("At most two years ahead; then offer it anew.")),
    Fault.QUANTITY: ("quantity", gettext_lazy("How many vouchers are there? At least one.")),
    Fault.HOURS: ("closes", gettext_lazy("It must close after it opens.")),
    Fault.LINK: ("words", gettext_lazy("Please leave addresses of web pages and shops out: nothing is sold here.")),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What is written of an offer; see `models.Resource`."""

    kind: str
    title: str
    price: str
    way: str
    starts_on: dt.date
    ends_on: dt.date
    words: str = ""
    place: str = ""
    audience: str = Audience.BOTH
    quantity: int = 1
    grain: str = Resource.Grain.HALF_HOUR
    opens: dt.time | None = None
    closes: dt.time | None = None


def resource_offer(*, actor: Actor, partner: Partner, entry: Entry, key: str) -> Resource:
    """Offer something in a partner's name; it waits for the union's check. Again changes nothing.

    Raises:
        ForbiddenError: the actor does not speak for this partner.
        RefusedError: what is written makes no sense, at its field.
    """
    if not policies.may_offer(actor, partner):
        raise ForbiddenError(_("You do not speak for this partner."))
    written = _checked(entry)
    rows = Resource.objects.select_related("partner__organisation")
    try:
        with atomic():
            made = Resource.objects.create(
                partner=partner, key=key, offered_by_id=actor.account_id, **asdict(written)
            )
            _noted(actor, made, "offered")
    except IntegrityError:
        found = rows.filter(partner=partner, key=key).first()
        if found is None:
            raise
        return found
    return made


def resource_amend(*, actor: Actor, resource_id: uuid.UUID, entry: Entry) -> Resource:
    """Put right what was offered, before it is published; it waits for the check again.

    Raises:
        ForbiddenError: the actor does not speak for its partner.
        StaleError: it is published or ended.
        RefusedError: what is written makes no sense, at its field.
    """
    written = _checked(entry)
    with atomic():
        resource = _locked(resource_id)
        if not policies.may_offer(actor, resource.partner):
            raise ForbiddenError(_("You do not speak for this partner."))
        _move(resource, Verb.OFFER)
        for name, value in asdict(written).items():
            setattr(resource, name, value)
        # What an officer had before her eyes until now is older than what stands written.
        resource.reason, resource.offered_by_id = "", actor.account_id
        resource.offered_at = clock.now()
        resource.save()
        _noted(actor, resource, "amended")
    return resource


def resource_publish(
    *, actor: Actor, resource_id: uuid.UUID, seen: dt.datetime | None = None
) -> Resource:
    """Publish a checked offer: its vouchers can be taken, its hours be booked. Again changes nothing.

    `seen`: the `offered_at` of what was read; None: as it stands.

    Raises:
        ForbiddenError: the actor does not look after its partner, or offered it herself.
        StaleError: it waits for no check, or what stands written is newer than what was read.
        RefusedError: its days are over.
    """
    with atomic():
        resource = _locked(resource_id)
        if not policies.may_check(actor, resource):
            raise ForbiddenError(_("Somebody else of the union that looks after this partner checks it."))  # fmt: skip
        if resource.standing is State.PUBLISHED:
            return resource
        if seen is not None and seen != resource.offered_at:
            raise StaleError(_("It was changed while you were reading. Please look at it once more."))  # fmt: skip
        _move(resource, Verb.PUBLISH)
        if resource.ends_on < clock.today():
            raise RefusedError(_("Its days are over. Send it back, so that they are put right."))
        resource.checked_by_id, resource.checked_at = actor.account_id, clock.now()
        resource.save()
        _opened(actor, resource)
        _noted(actor, resource, "published")
        _told(resource, _("It can be found now: %(what)s"), "")
    return resource


def resource_return(*, actor: Actor, resource_id: uuid.UUID, reason: str) -> Resource:
    """Send an offer back to be put right, with the reason.

    Raises:
        ForbiddenError: the actor does not look after its partner, or offered it herself.
        StaleError: it waits for no check.
        RefusedError: no reason.
    """
    reason = _reason(reason)
    with atomic():
        resource = _locked(resource_id)
        if not policies.may_check(actor, resource):
            raise ForbiddenError(_("Somebody else of the union that looks after this partner checks it."))  # fmt: skip
        _move(resource, Verb.RETURN)
        resource.reason, resource.checked_by_id = reason, actor.account_id
        resource.save()
        _noted(actor, resource, "returned")
        _told(resource, _("Please put it right: %(what)s"), reason)
    return resource


def resource_end(*, actor: Actor, resource_id: uuid.UUID, reason: str) -> Resource:
    """Take an offer down: bookings ahead are called off, vouchers not used yet fall. Again changes nothing.

    Raises:
        ForbiddenError: the actor does not look after its partner.
        RefusedError: no reason.
    """
    reason = _reason(reason)
    with atomic():
        resource = _locked(resource_id)
        if not policies.may_end(actor, resource):
            raise ForbiddenError(_("You do not look after this partner."))
        if resource.standing is State.ENDED:
            return resource
        _move(resource, Verb.END)
        resource.reason = reason
        resource.save()
        if pool := pool_of(resource):
            allocation.pool_call_off(actor=actor, pool_id=pool.pk)
        if bookable := bookable_of(resource):
            allocation.bookable_end(actor=actor, bookable_id=bookable.pk, reason=reason)
        _noted(actor, resource, "ended")
        _told(resource, _("It is offered no more: %(what)s"), reason)
    return resource


def partner_gone(partner_id: uuid.UUID) -> None:
    """Take down what a partner offered that works with the union no more."""
    rows = Resource.objects.filter(partner_id=partner_id).exclude(state=State.ENDED)
    for pk in list(rows.values_list("pk", flat=True)):
        resource_end(actor=Actor.system(), resource_id=pk, reason=_("The partner works with the union no more."))  # fmt: skip


def account_export(account_id: uuid.UUID | None) -> list[dict[str, str]]:
    """List what an account offered."""
    if account_id is None:
        return []
    rows = Resource.objects.filter(offered_by_id=account_id).order_by("offered_at", "pk")
    return [{"title": one.title, "offered_at": one.offered_at.isoformat()} for one in rows]


def account_erase(account_id: uuid.UUID | None) -> None:
    """Forget who offered and who checked; the offers are the partner's."""
    if account_id is not None:
        Resource.objects.filter(offered_by_id=account_id).update(offered_by=None)
        Resource.objects.filter(checked_by_id=account_id).update(checked_by=None)


def _opened(actor: Actor, resource: Resource) -> None:
    """Open what allocation keeps of an offer. The union that checked it answers for it."""
    union_id = resource.partner.organisation_id
    if resource.way == Way.VOUCHER:
        begins = max(clock.now(), _midnight(resource.starts_on))
        ends = dt.datetime.combine(resource.ends_on, dt.time(23, 59), SHANGHAI)
        allocation.pool_open(
            actor=actor, organisation_id=union_id, kind=VOUCHER, object_id=resource.pk,
            terms=allocation.PoolTerms(
                title=resource.title, capacity=resource.quantity, place=resource.place,
                opens_at=begins, closes_at=ends, ends_at=ends, audience=allocation.Audience.UNION,
            ),
        )  # fmt: skip
    if resource.way == Way.BOOKED:
        is_day = resource.grain == Resource.Grain.DAY
        span = (0, 48) if is_day else halves(resource.opens, resource.closes)
        allocation.bookable_open(
            actor=actor, organisation_id=union_id, kind=BOOKED, object_id=resource.pk,
            terms=allocation.BookableTerms(
                title=resource.title, place=resource.place, words=resource.words,
                grain=resource.grain, unit=_unit(resource), units=1, most=14 if is_day else 24,
                ahead_days=120, guests=allocation.Guests.NOBODY, unions=allocation.Unions.BELOW,
                answer=allocation.Answer.ASKED, answer_days=2,
                openings=allocation.Openings(
                    weekly=((span,),) * 7, starts_on=resource.starts_on, ends_on=resource.ends_on
                ),
            ),
        )  # fmt: skip


def _unit(resource: Resource) -> str:
    units = allocation.Bookable.Unit
    return {"venue": units.HALL, "lecturer": units.PERSON}.get(resource.kind, units.THING)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), SHANGHAI)


def _checked(entry: Entry) -> Entry:
    written = replace(
        entry,
        title=clean(entry.title)[:80], price=clean(entry.price)[:80], place=clean(entry.place)[:160],
        words=entry.words.strip()[:2000],
        audience=audience_of(Way(entry.way), Audience(entry.audience)),
    )  # fmt: skip
    if not written.title:
        raise RefusedError(_("What is it? Give it a name."), field="title")
    if not written.price:
        raise RefusedError(_("Say plainly what a member pays; nothing is an answer too."), field="price")  # fmt: skip
    if not 1 <= written.quantity <= MOST_QUANTITY:
        raise RefusedError(str(FAULTS[Fault.QUANTITY][1]), field="quantity")
    offer = Offer(
        Way(written.way), f"{written.title} {written.words} {written.price}", written.starts_on,
        written.ends_on, written.quantity, written.opens, written.closes,
    )  # fmt: skip
    if fault := fault_of(offer, clock.today()):
        field, words = FAULTS[fault]
        raise RefusedError(str(words), field=field)
    return written


def _reason(typed: str) -> str:
    reason = clean(typed)[:300]
    if not reason:
        raise RefusedError(_("Please give a reason; the people read it."), field="reason")
    return reason


def _locked(resource_id: uuid.UUID) -> Resource:
    rows = Resource.objects.select_for_update(of=("self",)).select_related("partner__organisation")
    found: Resource = rows.get(pk=resource_id)
    return found


def _move(resource: Resource, verb: Verb) -> None:
    state = moved(resource.standing, verb)
    if state is None:
        raise StaleError(_("Somebody was faster: this page is older than what stands written."))
    resource.state = state


def _told(resource: Resource, title: str, body: str) -> None:
    for account_id in sorted(contacts_of(resource.pk)):
        with words_for(account_id):
            notify(
                account_id=account_id,
                kind=f"exchange.{resource.state}",
                title=title % {"what": resource.title},
                body=body,
                url=reverse("exchange:own_resource", args=[resource.pk]),
                key=f"exchange:{resource.pk}:{resource.state}:{clock.now():%Y%m%d%H%M%S}",
            )


def _noted(actor: Actor, resource: Resource, deed: str) -> None:
    audit.record(
        actor_id=actor.account_id,
        action=f"exchange.resource_{deed}",
        kind="exchange.Resource",
        object_id=resource.pk,
        detail={"partner": str(resource.partner_id)},
    )
