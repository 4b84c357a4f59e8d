"""The one picture of an offer: set by its contact, seen by everybody once an officer has looked at it."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from lianxin.exchange import policies
from lianxin.exchange.constants import PICTURE_PURPOSE
from lianxin.exchange.models import Amendment, Picture, Resource
from lianxin.exchange.rules import State
from lianxin.exchange.services.entry import columns, entry_of, plain_of
from lianxin.exchange.services.holding import held, held_by_partner, noted
from lianxin.exchange.services.offering import offered_anew
from lianxin.files import api as files
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor


def picture_set(
    *, actor: Actor, resource_id: uuid.UUID, upload: UploadedFile[Any] | None, alt: str
) -> Resource:
    """Give an offer a picture, or another one; an officer looks at it before anybody else sees it.

    Of what is not published yet it belongs to the offer that waits; of what is published it waits
    beside it, and the old one stands until then.

    Raises:
        ForbiddenError: the actor does not speak for its partner.
        StaleError: it is taken down.
        RefusedError: nothing that can be shown, or no words on what it shows.
    """
    words = clean(alt)[:120]
    if not words:
        raise RefusedError(_("Say what the picture shows, for those who cannot see it."), field="alt")  # fmt: skip
    if upload is None or actor.account_id is None:
        raise RefusedError(_("Please choose a picture."), field="upload")
    if not policies.own_of(actor.account_id, Resource.objects.filter(pk=resource_id)).exists():
        raise ForbiddenError(_("You do not speak for this partner."))
    named: dict[str, Any] = {"actor_id": actor.account_id, "purpose": PICTURE_PURPOSE}
    with files.picture_new(Picture, upload=upload, alt=words, **named) as made, atomic():
        resource = held(resource_id)
        if resource.standing is State.PUBLISHED:
            old = _beside(actor, resource, made)
        elif resource.standing is State.ENDED:
            raise StaleError(_("Somebody was faster: this page is older than what stands written."))
        else:
            offered_anew(actor, resource)
            old, resource.picture = resource.picture, made
            resource.save()
        noted(actor, resource, "picture_set")
        if old is not None:
            files.picture_drop(old, actor_id=actor.account_id)
    return resource


def picture_take_out(*, actor: Actor, resource_id: uuid.UUID) -> Resource:
    """Take the picture of an offer away at once, and the one that waits; again changes nothing.

    Raises:
        ForbiddenError: the actor does not speak for its partner.
    """
    with atomic():
        resource = held_by_partner(actor, resource_id)
        wish = Amendment.objects.filter(resource=resource).first()
        old, waiting = resource.picture, wish.picture if wish else None
        if old is None and waiting is None:
            return resource
        resource.picture = None
        resource.save()
        if wish is not None and waiting is not None:
            if wish.kind == Amendment.Kind.CHANGE and wish.written == _as_it_stands(resource):
                wish.delete()  # it asked for nothing else
            else:
                wish.picture = None
                wish.save(update_fields=["picture"])
        for one in (old, waiting):
            if one is not None:
                files.picture_drop(one, actor_id=actor.account_id)
        noted(actor, resource, "picture_taken_out")
    return resource


def _beside(actor: Actor, resource: Resource, made: Picture) -> Picture | None:
    """Let a picture wait for the check beside what is published; return the one that waited before."""
    wish = Amendment.objects.filter(resource=resource).first()
    if wish is not None and wish.kind == Amendment.Kind.END:
        raise RefusedError(_("You asked that it ends. Take that back first."))
    old = wish.picture if wish else None
    wish = wish or Amendment(
        resource=resource, kind=Amendment.Kind.CHANGE, reason=_("Another picture"),
        written=_as_it_stands(resource),
    )  # fmt: skip
    wish.picture, wish.asked_by_id, wish.asked_at = made, actor.account_id, clock.now()
    wish.save()
    return old


def _as_it_stands(resource: Resource) -> dict[str, Any]:
    return plain_of(columns(entry_of(resource)))
