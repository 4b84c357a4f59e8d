"""What can be had at once beside applying: a place on a service's page that other apps fill."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from lianxin.kit.slots import Slot
from lianxin.ui.slots import HomeCard

service_offers: Slot[Callable[[HttpRequest, str], HomeCard | None]] = Slot(
    "service_offers",
    purpose="What can be had at once for a service, by its code: a section of its page",
)


def offers_of(request: HttpRequest, code: str) -> list[HomeCard]:
    """List the sections others add to the page of a service."""
    made = (make(request, code) for make in service_offers)
    return [card for card in made if card is not None]
