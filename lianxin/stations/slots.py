"""Where stations show themselves, and what they answer for lower apps."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianxin.accounts.api import KioskKeeper, kiosk_keepers
from lianxin.files import api as files
from lianxin.members.api import ErasePart, ExportPart, opening_words, privacy_erase, privacy_export
from lianxin.orgs.api import Ability, Carrier, organisation_carriers, organisation_effects
from lianxin.stations import policies, services
from lianxin.stations.selectors import home, kiosks
from lianxin.stations.selectors.listing import districts, newest
from lianxin.stations.services.carrying import stations_below, stations_carry, stations_follow
from lianxin.stations.services.privacy import account_erase, account_export
from lianxin.stations.services.reporting import PHOTO
from lianxin.ui.slots import (
    HomeCard,
    NavItem,
    SitemapUrl,
    desk_nav,
    footer_links,
    help_links,
    home_cards,
    search_parts,
    service_doors,
    sitemap_urls,
)

TABLES = ("stations.Keeping",)


def fill() -> None:
    """Fill the slots; called once by apps.py."""
    entry = NavItem(
        label=_("Service stations"),
        url_name="stations:station_list",
        icon="map-pins",
        note=_("Water, a chair, a plug, a toilet: where, and open now?"),
    )
    help_links.fill("stations", entry, order=40)
    service_doors.fill("stations", entry, order=20)
    home_cards.fill("stations", _open_card, order=60)
    search_parts.fill("stations", _found_card, order=20)
    footer_links.fill("stations", entry, order=30)
    desk_nav.fill(
        "stations",
        NavItem(
            label=_("Stations"),
            url_name="stations:desk_list",
            icon="map-pins",
            visible=_keeps,
            group="places",
        ),
        order=45,
    )
    organisation_carriers.fill(
        "stations", Carrier(follow=stations_follow, carry=stations_carry, count=dict)
    )
    organisation_effects.fill("stations", stations_below)
    privacy_export.fill(
        "stations", ExportPart(tables=TABLES, read=lambda person: account_export(person.account_id))
    )
    privacy_erase.fill(
        "stations", ErasePart(tables=TABLES, erase=lambda person: account_erase(person.account_id))
    )
    opening_words.fill("station.keep", _("to look after a station"))
    sitemap_urls.fill("stations", _sitemap)
    kiosk_keepers.fill(
        "stations",
        KioskKeeper(
            has_any=kiosks.has_kiosks,
            pair=services.kiosk_pair,
            name_of=kiosks.kiosk_name,
            home=_kiosk_home,
        ),
    )
    files.access.fill(PHOTO, policies.may_open_photo)


def _open_card(request: HttpRequest) -> HomeCard | None:
    if not home.is_any():
        return None
    return HomeCard(
        title=_("Stations open now"),
        template="stations/_open_card.html",
        context={"is_personal": request.user.is_authenticated},
        more_label=_("All"),
        more_url=reverse("stations:station_list"),
    )


def _kiosk_home(request: HttpRequest, key: str) -> HomeCard | None:
    kiosk = services.kiosk_seen(key)
    if kiosk is None:
        return None
    return HomeCard(
        title=_("Welcome to %(station)s") % {"station": kiosk.station.name},
        template="stations/_kiosk_home_part.html",
        context=kiosks.greeting_of(request, kiosk.station),
    )


def _found_card(_request: HttpRequest, typed: str) -> HomeCard | None:
    rows, is_meant = home.found_for(typed), home.is_meant(typed)
    if not rows and not is_meant:
        return None
    return HomeCard(
        title=_("Service stations"),
        template="stations/_found_part.html",
        context={"rows": rows, "is_meant": is_meant},
    )


def _sitemap() -> Iterable[SitemapUrl]:
    yield SitemapUrl(path=reverse("stations:station_list"))
    yield SitemapUrl(path=reverse("stations:open_data"))
    for one in districts():
        yield SitemapUrl(path=reverse("stations:station_district", args=[one.code]))
    for code, changed_at in newest():
        page = reverse("stations:station_page", args=[code])
        yield SitemapUrl(path=page, changed_on=changed_at.date().isoformat())


def _keeps(request: HttpRequest) -> bool:
    return bool(request.actor.can(Ability.STATION_KEEP))  # type: ignore[attr-defined]  # set by ActorMiddleware
