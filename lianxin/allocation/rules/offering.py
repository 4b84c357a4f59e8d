"""What the apps above tell of bookable things: who owns them, where they are shown, what decides them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lianxin.kit.slots import Slot


@dataclass(frozen=True, kw_only=True, slots=True)
class BookingPlace:
    """A place of an app above where an officer may offer rooms or beds: a station."""

    kind: str
    object_id: uuid.UUID
    title: str
    address: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Owners:
    """Who outside the tree answers for things of a kind: a partner's contacts, by the object's id."""

    accounts: Callable[[uuid.UUID], frozenset[uuid.UUID]]
    page: Callable[[uuid.UUID], str]  # where they answer a booking, by its id
    name: Callable[[uuid.UUID], str] | None = None  # what they are called, for everybody


@dataclass(frozen=True, kw_only=True, slots=True)
class BookingService:
    """A service that decides bookings: what it is called, where one applies for what one holds."""

    label: Any
    page: Callable[[uuid.UUID], str]  # by the booking's id
    case_page: Callable[[uuid.UUID], str]  # by the dossier's


booking_owners: Slot[Owners] = Slot(
    "booking_owners", purpose="Who outside the tree answers for a bookable thing, by its kind"
)
booking_pages: Slot[Callable[[uuid.UUID], str | None]] = Slot(
    "booking_pages", purpose="The page of what a bookable thing is of, by kind and its object’s id"
)
booking_services: Slot[BookingService] = Slot(
    "booking_services", purpose="Services that decide bookings, by their code"
)
booking_places: Slot[Callable[[Any], list[BookingPlace]]] = Slot(
    "booking_places", purpose="Places where an officer may offer rooms or beds, for an actor"
)
