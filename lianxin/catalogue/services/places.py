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
from lianxin.catalogue.constants import PLACES, ROUNDS
from lianxin.catalogue.rules.item import Places
from lianxin.catalogue.selectors.shelf import Offer, draws_at
from lianxin.catalogue.services.drawn import round_begin
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.text import clean
from lianxin.orgs.api import Actor, Organisation
from lianxin.procedures.api import is_as_high


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
    kind = ROUNDS if offer.draws_cases else PLACES
    if kind == ROUNDS:
        _check_round(offer, organisation_id, given)
    pool = pool_open(
        actor=actor,
        organisation_id=organisation_id,
        kind=kind,
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
    if kind == ROUNDS:
        round_begin(pool)
    return pool


def _check_round(offer: Offer, organisation_id: uuid.UUID, given: PlacesGiven) -> None:
    """A round is held where its step stands or above, and is over when what it gives has begun."""
    union = Organisation.objects.get(pk=organisation_id)
    level = offer.definition.route[draws_at(offer.definition) or 0].level
    if not is_as_high(union.level, level):
        raise RefusedError(_("Places of this service are drawn one level up. Please ask there."), field="union")  # fmt: skip
    if given.starts_at is None:
        raise RefusedError(_("Please say when it begins: until then who waits may still be asked."), field="starts_at")  # fmt: skip


def _terms(offer: Offer, places: Places) -> dict[str, Any]:
    return {
        "method": places.method,
        "most": 1 if offer.draws_cases else places.most,  # a case asks for one
        "waitlist": None if places.has_waitlist else 0,
        "offer_minutes": places.offer_hours * 60,
        "audience": places.audience,
        "rule": places.rule,
        "one_per": places.one_per,
        "series": f"service:{offer.code}" if places.rest_days or offer.draws_cases else "",
        "strata": [{"days": places.rest_days}] if places.rest_days else [],
    }


def _title(offer: Offer, name: str) -> str:
    # A pool has one title for everybody: in the language of the house, not of who opens it.
    with translation.override(settings.LANGUAGE_CODE):
        return f"{offer.card.title} · {clean(name)}"[:120]
