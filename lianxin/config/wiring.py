"""The one file that joins neighbours: a published event to a door, one line each.

It also gives `audit`, which lies below `jobs`, its place among the jobs.
"""

from __future__ import annotations

import uuid

from django.urls import reverse

from lianxin.allocation import api as allocation
from lianxin.audit import api as audit
from lianxin.catalogue import api as catalogue
from lianxin.eligibility import api as eligibility
from lianxin.exchange import api as exchange
from lianxin.jobs import api as jobs
from lianxin.members.api import Member
from lianxin.orgs.api import Ability, Actor, reach_q
from lianxin.stations import api as stations


@jobs.job("audit.write_checkpoint", queue="long")
def write_checkpoint_job() -> None:
    audit.checkpoint_write()


jobs.every("audit.write_checkpoint", seconds=3600)


def service_link(code: str) -> str | None:
    """Where a policy's service is applied for, while the catalogue offers it; posted to, it begins."""
    is_offered = code in catalogue.shelf().offers
    return reverse("catalogue:apply_start", args=[code]) if is_offered else None


eligibility.service_links.fill("catalogue", service_link)


def proposal_link(actor: Actor, member: Member, code: str) -> str | None:
    """Where an officer begins a service for a member: put forward where the item allows it, else together."""
    offer = catalogue.shelf().offer(code)
    if offer is None:
        return None
    path = member.organisation.path
    is_forward = any(actor.can(Ability(one), path) for one in offer.card.nominated_by)
    page = reverse("catalogue:help_start", args=[member.pk, code])
    return f"{page}?nominate" if is_forward else page


eligibility.proposal_links.fill("catalogue", proposal_link)

STATION = "stations.station"  # what is booked in a station


def bookable_stations(actor: Actor) -> list[allocation.BookingPlace]:
    """The stations where an officer may offer rooms or beds: those of the unions she arranges for."""
    rows = stations.Station.objects.filter(reach_q(actor, Ability.PLACES_MANAGE))
    return [
        allocation.BookingPlace(kind=STATION, object_id=one.pk, title=one.name, address=one.address)
        for one in rows.order_by("sort_key", "pk")[:200]
    ]


def station_page(station_id: uuid.UUID) -> str | None:
    """The page of a station something is booked in."""
    code = stations.Station.objects.filter(pk=station_id).values_list("code", flat=True).first()
    return reverse("stations:station_page", args=[code]) if code else None


allocation.booking_places.fill("stations", bookable_stations)
allocation.booking_pages.fill(STATION, station_page)
catalogue.service_offers.fill("exchange", lambda _request, code: exchange.offers_card(code))
stations.station_offers.fill(
    "bookings", lambda _request, station: allocation.offers_card(STATION, station.pk)
)
