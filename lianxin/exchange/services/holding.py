"""An offer held for writing, the word its partner gets, the line in the trail."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.exchange import policies
from lianxin.exchange.models import Amendment, Resource
from lianxin.exchange.rules import Verb, moved
from lianxin.exchange.selectors import contacts_of
from lianxin.files import api as files
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.text import clean
from lianxin.notify.api import notify, words_for
from lianxin.orgs.api import Actor


def held(resource_id: uuid.UUID) -> Resource:
    """Lock an offer; use it inside `atomic`, always before its vouchers and bookings."""
    rows = Resource.objects.select_for_update(of=("self",)).select_related("partner__organisation")
    found: Resource = rows.get(pk=resource_id)
    return found


def held_by_partner(actor: Actor, resource_id: uuid.UUID) -> Resource:
    """Lock an offer for who speaks for its partner; as `held`.

    Raises:
        ForbiddenError: the actor does not.
    """
    resource = held(resource_id)
    if not policies.may_offer(actor, resource.partner):
        raise ForbiddenError(_("You do not speak for this partner."))
    return resource


def wish_forget(actor: Actor, resource: Resource) -> bool:
    """Drop what is asked of an offer, with the picture that waits; say whether there was anything."""
    wish = Amendment.objects.filter(resource=resource).first()
    if wish is None:
        return False
    picture = wish.picture
    wish.delete()
    if picture is not None:
        files.picture_drop(picture, actor_id=actor.account_id)
    return True


def move(resource: Resource, verb: Verb) -> None:
    """Take a step.

    Raises:
        StaleError: not from where it stands.
    """
    state = moved(resource.standing, verb)
    if state is None:
        raise StaleError(_("Somebody was faster: this page is older than what stands written."))
    resource.state = state


def reason_of(typed: str) -> str:
    """Return a reason, cleaned.

    Raises:
        RefusedError: there is none.
    """
    reason = clean(typed)[:300]
    if not reason:
        raise RefusedError(_("Please give a reason; the people read it."), field="reason")
    return reason


def partner_told(resource: Resource, title: Any, body: str, *, kind: str = "") -> None:
    """Tell everybody who speaks for the partner of an offer; `title`: lazy, for each in her language."""
    for account_id in sorted(contacts_of(resource.pk)):
        with words_for(account_id):
            notify(
                account_id=account_id,
                kind=f"exchange.{kind or resource.state}",
                title=str(title) % {"what": resource.title},
                body=body,
                url=reverse("exchange:own_resource", args=[resource.pk]),
                key=f"exchange:{resource.pk}:{kind or resource.state}:{clock.now():%Y%m%d%H%M%S}",
            )


def noted(actor: Actor, resource: Resource, deed: str, **detail: object) -> None:
    """Leave a line in the trail; nobody's words stand in it."""
    audit.record(
        actor_id=actor.account_id,
        action=f"exchange.resource_{deed}",
        kind="exchange.Resource",
        object_id=resource.pk,
        detail={"partner": str(resource.partner_id), **detail},
    )
