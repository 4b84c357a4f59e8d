"""What is changed of a published offer: asked for by its contact, checked by the officer; more vouchers at once."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import fields, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.allocation import api as allocation
from lianxin.exchange import policies
from lianxin.exchange.models import Amendment, Resource
from lianxin.exchange.rules import FIXED, State, Way, changes
from lianxin.exchange.selectors import pool_of
from lianxin.exchange.services.entry import (
    MOST_QUANTITY,
    Entry,
    checked,
    columns,
    entry_of,
    plain_of,
)
from lianxin.exchange.services.holding import (
    held,
    held_by_partner,
    noted,
    partner_told,
    reason_of,
    wish_forget,
)
from lianxin.exchange.services.keeping import batch_terms_of, followed
from lianxin.exchange.services.offering import ended
from lianxin.exchange.services.telling import holders_tell
from lianxin.files import api as files
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor

_DAYS, _TIMES = ("starts_on", "ends_on"), ("opens", "closes")


def change_ask(*, actor: Actor, resource_id: uuid.UUID, entry: Entry, reason: str) -> Amendment:
    """Ask for other words, another place, price or time; until an officer says yes the old ones stand.

    What the thing is, how it is used and how many vouchers there are stays: more of them are added
    by `vouchers_raise`.

    Raises:
        ForbiddenError: the actor does not speak for its partner.
        StaleError: it is not published.
        RefusedError: what is written makes no sense, is as it was, or says no reason; at its field.
    """
    reason = reason_of(reason)
    with atomic():
        resource = _published(actor, resource_id)
        before = entry_of(resource)
        written = columns(checked(replace(entry, **_kept(before))))
        if not changes(columns(before), written):
            raise RefusedError(_("Nothing is different. Please change something first."))
        wish = _asked(actor, resource, Amendment.Kind.CHANGE, reason, written=plain_of(written))
        noted(actor, resource, "change_asked")
    return wish


def end_ask(*, actor: Actor, resource_id: uuid.UUID, reason: str) -> Amendment:
    """Ask that an offer ends; an officer decides, since vouchers and bookings fall with it.

    Raises:
        ForbiddenError: the actor does not speak for its partner.
        StaleError: it is not published.
        RefusedError: no reason.
    """
    reason = reason_of(reason)
    with atomic():
        resource = _published(actor, resource_id)
        wish = _asked(actor, resource, Amendment.Kind.END, reason, written={})
        noted(actor, resource, "end_asked")
    return wish


def change_take_back(*, actor: Actor, resource_id: uuid.UUID) -> None:
    """Take back what one asked for; again changes nothing.

    Raises:
        ForbiddenError: the actor does not speak for its partner.
    """
    with atomic():
        resource = held_by_partner(actor, resource_id)
        if wish_forget(actor, resource):
            noted(actor, resource, "change_taken_back")


def change_accept(
    *, actor: Actor, resource_id: uuid.UUID, seen: dt.datetime | None = None, calls_off: bool = False
) -> Resource:  # fmt: skip
    """Say yes to what a contact asked for; whoever holds a voucher or has booked is told. Again changes nothing.

    `seen`: the `asked_at` of what was read. `calls_off`: bookings that have no place any more are
    called off with the contact's reason; otherwise they hinder.

    Raises:
        ForbiddenError: the actor does not look after its partner, or asked for it herself.
        StaleError: what is asked is newer than what was read.
        RefusedError: bookings would be left without a place, or it cannot be any more.
    """
    with atomic():
        resource = held(resource_id)
        wish = _judged(actor, resource, seen)
        if wish is None:
            return resource
        if wish.kind == Amendment.Kind.END:
            ended(actor, resource, wish.reason)
            return resource
        _picture_follows(actor, resource, wish)
        wish.delete()
        before = columns(entry_of(resource))
        for name, value in columns(checked(_entry_read(wish.written | {"quantity": _quantity(resource, wish)}))).items():  # fmt: skip
            setattr(resource, name, value)
        resource.checked_by_id, resource.checked_at = actor.account_id, clock.now()
        resource.save()
        followed(actor, resource, reason=wish.reason, calls_off=calls_off)
        holders_tell(resource, before, columns(entry_of(resource)))
        noted(actor, resource, "change_accepted")
        partner_told(resource, gettext_lazy("Your change is published: %(what)s"), "", kind="changed")  # fmt: skip
    return resource


def change_decline(
    *, actor: Actor, resource_id: uuid.UUID, reason: str, seen: dt.datetime | None = None
) -> Resource:
    """Say no to what a contact asked for, with the reason; the offer stands as it was. Again changes nothing.

    Raises:
        ForbiddenError: the actor does not look after its partner, or asked for it herself.
        StaleError: what is asked is newer than what was read.
        RefusedError: no reason.
    """
    reason = reason_of(reason)
    with atomic():
        resource = held(resource_id)
        if _judged(actor, resource, seen) is None:
            return resource
        wish_forget(actor, resource)
        noted(actor, resource, "change_declined")
        partner_told(resource, gettext_lazy("It stays as it was: %(what)s"), reason, kind="declined")  # fmt: skip
    return resource


def vouchers_raise(*, actor: Actor, resource_id: uuid.UUID, quantity: int) -> Resource:
    """Give more vouchers, so many in all; those who wait have them at once. Again changes nothing.

    Raises:
        ForbiddenError: the actor does not speak for its partner.
        StaleError: it is not published.
        RefusedError: fewer than there are, too many, or a draw whose rule is published.
    """
    with atomic():
        resource = _published(actor, resource_id)
        pool = pool_of(resource)
        if resource.way != Way.VOUCHER or pool is None:
            raise StaleError(_("There are no vouchers here."))
        if quantity == resource.quantity:
            return resource
        if not resource.quantity < quantity <= MOST_QUANTITY:
            raise RefusedError(_("Vouchers can be added, not taken away: say how many there are in all."), field="quantity")  # fmt: skip
        # The partner gives it; the union that keeps the pool is asked nothing.
        allocation.pool_change(
            actor=Actor.system(), pool_id=pool.pk, terms=replace(batch_terms_of(pool), capacity=quantity)
        )  # fmt: skip
        resource.quantity = quantity
        resource.save()
        noted(actor, resource, "vouchers_raised", quantity=quantity)
    return resource


def _published(actor: Actor, resource_id: uuid.UUID) -> Resource:
    resource = held_by_partner(actor, resource_id)
    if resource.standing is not State.PUBLISHED:
        raise StaleError(_("Somebody was faster: this page is older than what stands written."))
    return resource


def _judged(actor: Actor, resource: Resource, seen: dt.datetime | None) -> Amendment | None:
    wish = resource.wish
    if not policies.may_judge(actor, resource):
        raise ForbiddenError(_("Somebody else of the union that looks after this partner checks it."))  # fmt: skip
    if wish is not None and seen is not None and seen != wish.asked_at:
        raise StaleError(_("It was changed while you were reading. Please look at it once more."))
    return wish


def _asked(
    actor: Actor, resource: Resource, kind: Amendment.Kind, reason: str, *, written: dict[str, Any]
) -> Amendment:
    said: dict[str, Any] = {
        "kind": kind,
        "reason": reason,
        "asked_by_id": actor.account_id,
        "asked_at": clock.now(),
    }
    found = Amendment.objects.filter(resource=resource).first()
    if found and (found.kind, found.reason, found.written) == (kind, reason, written):
        return found  # the second tap
    said |= {"written": written}
    return Amendment.objects.update_or_create(resource=resource, defaults=said)[0]


def _picture_follows(actor: Actor, resource: Resource, wish: Amendment) -> None:
    if wish.picture is None:
        return
    old, resource.picture = resource.picture, wish.picture
    resource.save(update_fields=["picture"])
    if old is not None:
        files.picture_drop(old, actor_id=actor.account_id)


def _kept(before: Entry) -> dict[str, Any]:
    """Return what stays of what is published."""
    names = (*FIXED, "quantity") if before.way == Way.VOUCHER else FIXED
    return {name: getattr(before, name) for name in names}


def _quantity(resource: Resource, wish: Amendment) -> int:
    """Return how many there are then: vouchers added meanwhile stay added."""
    is_batch = resource.way == Way.VOUCHER
    return resource.quantity if is_batch else int(wish.written["quantity"])


def _entry_read(written: dict[str, Any]) -> Entry:
    given = {one.name: written[one.name] for one in fields(Entry)}
    given |= {name: dt.date.fromisoformat(given[name]) for name in _DAYS}
    given |= {name: dt.time.fromisoformat(given[name]) for name in _TIMES if given[name]}
    given["weekdays"] = tuple(given["weekdays"])
    given["closed_on"] = tuple(dt.date.fromisoformat(day) for day in given["closed_on"])
    return Entry(**given)
