"""Offering something, checking and publishing it, taking it down."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.allocation import api as allocation
from lianxin.exchange import policies
from lianxin.exchange.models import Resource
from lianxin.exchange.rules import State, Verb
from lianxin.exchange.selectors import bookable_of, pool_of
from lianxin.exchange.services.entry import Entry, checked, columns
from lianxin.exchange.services.holding import (
    held,
    held_by_partner,
    move,
    noted,
    partner_told,
    reason_of,
    wish_forget,
)
from lianxin.exchange.services.keeping import Giving, opened
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor
from lianxin.partners.api import Partner


def resource_offer(*, actor: Actor, partner: Partner, entry: Entry, key: str) -> Resource:
    """Offer something in a partner's name; it waits for the union's check. Again changes nothing.

    Raises:
        ForbiddenError: the actor does not speak for this partner.
        RefusedError: what is written makes no sense, at its field.
    """
    if not policies.may_offer(actor, partner):
        raise ForbiddenError(_("You do not speak for this partner."))
    written = checked(entry)
    rows = Resource.objects.select_related("partner__organisation")
    try:
        with atomic():
            made = Resource.objects.create(
                partner=partner, key=key, offered_by_id=actor.account_id, **columns(written)
            )
            noted(actor, made, "offered")
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
    written = checked(entry)
    with atomic():
        resource = held_by_partner(actor, resource_id)
        offered_anew(actor, resource)
        for name, value in columns(written).items():
            setattr(resource, name, value)
        resource.save()
        noted(actor, resource, "amended")
    return resource


def offered_anew(actor: Actor, resource: Resource) -> None:
    """Let an offer wait for the check once more: what an officer has before her eyes is older now."""
    move(resource, Verb.OFFER)
    resource.reason, resource.offered_by_id = "", actor.account_id
    resource.offered_at = clock.now()


def resource_publish(
    *, actor: Actor, resource_id: uuid.UUID, seen: dt.datetime | None = None, giving: Giving | None = None
) -> Resource:  # fmt: skip
    """Publish a checked offer: its vouchers can be taken, its hours be booked. Again changes nothing.

    `seen`: the `offered_at` of what was read; None: as it stands. `giving`: how vouchers are given;
    None: in the order in which members of the union ask.

    Raises:
        ForbiddenError: the actor does not look after its partner, or offered it herself.
        StaleError: it waits for no check, or what stands written is newer than what was read.
        RefusedError: its days are over, or the draw or the rule cannot be, at its field.
    """
    with atomic():
        resource = held(resource_id)
        _may_check(actor, resource)
        if resource.standing is State.PUBLISHED:
            return resource
        if seen is not None and seen != resource.offered_at:
            raise StaleError(_("It was changed while you were reading. Please look at it once more."))  # fmt: skip
        move(resource, Verb.PUBLISH)
        if resource.ends_on < clock.today():
            raise RefusedError(_("Its days are over. Send it back, so that they are put right."))
        resource.checked_by_id, resource.checked_at = actor.account_id, clock.now()
        resource.save()
        opened(actor, resource, giving or Giving())
        noted(actor, resource, "published")
        partner_told(resource, gettext_lazy("It can be found now: %(what)s"), "")
    return resource


def resource_return(*, actor: Actor, resource_id: uuid.UUID, reason: str) -> Resource:
    """Send an offer back to be put right, with the reason.

    Raises:
        ForbiddenError: the actor does not look after its partner, or offered it herself.
        StaleError: it waits for no check.
        RefusedError: no reason.
    """
    reason = reason_of(reason)
    with atomic():
        resource = held(resource_id)
        _may_check(actor, resource)
        move(resource, Verb.RETURN)
        resource.reason, resource.checked_by_id = reason, actor.account_id
        resource.save()
        noted(actor, resource, "returned")
        partner_told(resource, gettext_lazy("Please put it right: %(what)s"), reason)
    return resource


def resource_end(*, actor: Actor, resource_id: uuid.UUID, reason: str) -> Resource:
    """Take an offer down: bookings ahead are called off, vouchers not used yet fall. Again changes nothing.

    Raises:
        ForbiddenError: the actor does not look after its partner.
        RefusedError: no reason.
    """
    reason = reason_of(reason)
    with atomic():
        resource = held(resource_id)
        if not policies.may_end(actor, resource):
            raise ForbiddenError(_("You do not look after this partner."))
        if resource.standing is State.ENDED:
            return resource
        ended(actor, resource, reason)
    return resource


def ended(actor: Actor, resource: Resource, reason: str) -> None:
    """Take a held offer down."""
    move(resource, Verb.END)
    resource.reason = reason
    resource.save()
    wish_forget(actor, resource)
    if pool := pool_of(resource):
        allocation.pool_call_off(actor=actor, pool_id=pool.pk)
    if bookable := bookable_of(resource):
        allocation.bookable_end(actor=actor, bookable_id=bookable.pk, reason=reason)
    noted(actor, resource, "ended")
    partner_told(resource, gettext_lazy("It is offered no more: %(what)s"), reason)


def partner_gone(partner_id: uuid.UUID) -> None:
    """Take down what a partner offered that works with the union no more."""
    rows = Resource.objects.filter(partner_id=partner_id).exclude(state=State.ENDED)
    for pk in list(rows.values_list("pk", flat=True)):
        resource_end(actor=Actor.system(), resource_id=pk, reason=_("The partner works with the union no more."))  # fmt: skip


def _may_check(actor: Actor, resource: Resource) -> None:
    if not policies.may_check(actor, resource):
        raise ForbiddenError(_("Somebody else of the union that looks after this partner checks it."))  # fmt: skip
