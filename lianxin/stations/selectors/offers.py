"""What can be had at a station beside a chair: a place that whoever books rooms or beds there fills."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from lianxin.kit.slots import Slot
from lianxin.stations.models import Station
from lianxin.ui.slots import HomeCard

station_offers: Slot[Callable[[HttpRequest, Station], HomeCard | None]] = Slot(
    "station_offers", purpose="What can be booked or had at a station: a section of its page"
)


def offers_of(request: HttpRequest, station: Station) -> list[HomeCard]:
    """List the sections others add to the page of a station."""
    made = (make(request, station) for make in station_offers)
    return [card for card in made if card is not None]
