"""Opening places of a service that are short, on the terms its item states."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from lianxin.allocation.api import Pool, PoolTerms, pool_open
from lianxin.catalogue.constants import PLACES
from lianxin.catalogue.rules.item import Places
from lianxin.catalogue.selectors.shelf import Offer
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.text import clean
from lianxin.orgs.api import Actor


@dataclass(frozen=True, kw_only=True)
class PlacesGiven:
    """What an officer says of places she opens; all else stands in the item."""

    name: str
    capacity: int
    closes_at: dt.datetime
    place: str = ""
    opens_at: dt.datetime | None = None  # None: at once
    starts_at: dt.datetime | None = None


def places_open(
    *, actor: Actor, offer: Offer, organisation_id: uuid.UUID, given: PlacesGiven, key: str
) -> Pool:
    """Open places of a service; the same form sent again opens none twice.

    Raises:
        ForbiddenError: the actor gives no places for this union.
        RefusedError: the service has no places to open, or times that make no sense, at their field.
    """
    places = offer.card.places
    if places is None:
        raise RefusedError(_("This service has no places that could run short."))
    return pool_open(
        actor=actor,
        organisation_id=organisation_id,
        kind=PLACES,
        object_id=offer.item_id,
        label=key,
        terms=PoolTerms(
            title=_title(offer, given.name),
            place=clean(given.place),
            capacity=given.capacity,
            opens_at=given.opens_at or clock.now(),
            closes_at=given.closes_at,
            starts_at=given.starts_at,
            **_terms(offer, places),
        ),
    )


def _terms(offer: Offer, places: Places) -> dict[str, Any]:
    return {
        "method": places.method,
        "most": places.most,
        "waitlist": None if places.has_waitlist else 0,
        "offer_minutes": places.offer_hours * 60,
        "audience": places.audience,
        "rule": places.rule,
        "one_per": places.one_per,
        "series": f"service:{offer.code}" if places.rest_days else "",
        "strata": [{"days": places.rest_days}] if places.rest_days else [],
    }


def _title(offer: Offer, name: str) -> str:
    # A pool has one title for everybody: in the language of the house, not of who opens it.
    with translation.override(settings.LANGUAGE_CODE):
        return f"{offer.card.title} · {clean(name)}"[:120]
