"""Places of a service that are short: those ahead for somebody, and the unions an officer gives them for."""

from __future__ import annotations

import uuid

from django.db.models import Q
from django.urls import reverse

from lianxin.allocation.api import Audience, Pool, pool_line
from lianxin.catalogue.constants import PLACES, ROUNDS
from lianxin.catalogue.selectors.shelf import Offer, shelf
from lianxin.kit import clock
from lianxin.members.api import Member
from lianxin.orgs.api import Ability, Actor, Organisation, paths_above

MOST_SHOWN = 12


def places_ahead(offer: Offer, member: Member | None) -> list[tuple[Pool, str]]:
    """List the places of a service that may be asked for now or soon, each with its sentence.

    A member sees those of her own union and of all above it; a visitor what everybody sees. One query.
    """
    if offer.card.places is None:
        return []
    rows = Pool.objects.filter(
        kind__in=(PLACES, ROUNDS), object_id=offer.item_id, closes_at__gt=clock.now(), off_at=None
    )
    if member is not None:
        above = paths_above(member.organisation.path)
        rows = rows.filter(Q(organisation__path__in=above) | Q(audience=Audience.EVERYBODY))
    found = rows.select_related("organisation").order_by("starts_at", "opens_at")[:MOST_SHOWN]
    return [(pool, pool_line(pool)) for pool in found]


def offer_path(item_id: uuid.UUID) -> str | None:
    """Return the page of the service whose places they are; None if it is offered no more."""
    found = (offer for offer in shelf().offers.values() if offer.item_id == item_id)
    offer = next(found, None)
    return reverse("catalogue:service_page", args=[offer.code]) if offer else None


def offers_with_places() -> list[Offer]:
    """List the services whose places an officer can open."""
    return [offer for offer in shelf().offers.values() if offer.card.places is not None]


def giving_unions(actor: Actor) -> list[Organisation]:
    """List the unions an officer gives places for, by a post there. One query."""
    ids = {post.organisation_id for post in actor.with_ability(Ability.PLACES_MANAGE)}
    return list(Organisation.objects.filter(pk__in=ids).order_by("path"))
