"""The shelf: all services on offer, kept in the process and looked at anew when they change.

One small query a request asks for the newest release; only when the answer differs is the catalogue
read and parsed again. So a page of the catalogue costs a visitor next to nothing.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from lianxin.catalogue.constants import DRAW_STEP
from lianxin.catalogue.models import Category, Release, ServiceItem, ServiceVersion
from lianxin.catalogue.rules import search
from lianxin.catalogue.rules.item import Card
from lianxin.catalogue.rules.season import Window, window_on
from lianxin.members.api import Member
from lianxin.procedures.api import Definition

BY_DOOR = 55


def draws_at(definition: Definition) -> int | None:
    """Return at which step of a route places are drawn; None if at none."""
    found = (at for at, step in enumerate(definition.route) if step.kind == DRAW_STEP)
    return next(found, None)


@dataclass(frozen=True)
class Offer:
    """One service on offer: its card, its procedure, and the rows behind them."""

    item_id: uuid.UUID
    version_id: uuid.UUID
    procedure_id: uuid.UUID
    card: Card
    definition: Definition
    phrases: tuple[search.Phrase, ...]

    @property
    def code(self) -> str:
        """Return the code of the item, as its address has it."""
        return self.card.code

    @property
    def draws_cases(self) -> bool:
        """Say whether its places are drawn among cases, at a step of its route."""
        return draws_at(self.definition) is not None

    def window(self, day: dt.date) -> Window:
        """Say whether one may apply on a day."""
        return window_on(self.card.season, day)

    def is_for(self, member: Member | None) -> bool:
        """Say whether the service is meant for where a member works; a visitor sees all."""
        if not self.card.region or member is None:
            return True
        line = {member.organisation.code, member.street_code, member.district_code}
        return self.card.region in line | {member.city_code}


@dataclass(frozen=True)
class Shelf:
    """The doors with the offers behind them, in their order."""

    release: uuid.UUID | None
    doors: tuple[Category, ...]
    offers: dict[str, Offer]
    by_door: dict[str, tuple[Offer, ...]] = field(default_factory=dict)

    def offer(self, code: str) -> Offer | None:
        """Return the service of a code, or None if there is none (any more)."""
        return self.offers.get(code)

    def search(self, typed: str) -> list[Offer]:
        """Find the offers that answer a need, best first."""
        hits = search.find(typed, ((one.code, one.phrases) for one in self.offers.values()))
        return [self.offers[hit.code] for hit in hits]


class _Kept:
    shelf: Shelf | None = None


def shelf() -> Shelf:
    """Return the shelf as it stands now. One small query; four when the catalogue has changed."""
    newest = Release.objects.order_by("-loaded_at", "-id").values_list("pk", flat=True).first()
    kept = _Kept.shelf
    if kept is None or kept.release != newest:
        kept = _Kept.shelf = _read(newest)
    return kept


def offer_of_version(
    version: ServiceVersion, categories: Mapping[str, Category] | None = None
) -> Offer:
    """Make an offer of any version, also of one that is no longer current.

    It is found by the name of its door too, after those that are called so themselves.
    """
    door = (categories or {}).get(version.card.category)
    names = {door.title_en, door.title_zh_hans} if door else set()
    phrases = (
        *(search.Phrase(*row) for row in version.phrases),
        *(search.Phrase(search.folded(name), weight=BY_DOOR) for name in names),
    )
    return Offer(
        item_id=version.item_id,
        version_id=version.pk,
        procedure_id=version.procedure_id,
        card=version.card,
        definition=version.procedure.definition,
        phrases=phrases,
    )


def _read(release: uuid.UUID | None) -> Shelf:
    current = ServiceItem.objects.filter(retired_at=None, current__isnull=False)
    order = list(current.order_by("order", "code").values_list("current_id", flat=True))
    rows = ServiceVersion.objects.select_related("procedure").in_bulk(order)
    categories = {one.code: one for one in Category.objects.order_by("order")}
    by_door: dict[str, list[Offer]] = {}
    for pk in order:
        offer = offer_of_version(rows[pk], categories)
        by_door.setdefault(offer.card.category, []).append(offer)
    return Shelf(
        release=release,
        doors=tuple(one for code, one in categories.items() if code in by_door),
        offers={offer.code: offer for offers in by_door.values() for offer in offers},
        by_door={code: tuple(offers) for code, offers in by_door.items()},
    )
