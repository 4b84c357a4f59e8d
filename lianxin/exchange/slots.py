"""Where the exchange shows itself, and what it answers for lower apps."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.allocation import api as allocation
from lianxin.exchange import selectors
from lianxin.exchange.constants import PICTURE_PURPOSE
from lianxin.exchange.models import Resource
from lianxin.exchange.services import TABLES, account_erase, account_export
from lianxin.files import api as files
from lianxin.members.api import ErasePart, ExportPart, privacy_erase, privacy_export
from lianxin.orgs.api import Ability, Actor
from lianxin.partners.api import own_partners
from lianxin.procedures.api import CaseNote, Dossier, case_notes
from lianxin.ui.slots import (
    NavItem,
    SitemapUrl,
    desk_nav,
    footer_links,
    me_links,
    sitemap_urls,
)


def fill() -> None:
    """Fill the slots; called once by apps.py."""
    entry = NavItem(
        label=_("Offers of partners"),
        url_name="exchange:resource_list",
        icon="heart-handshake",
        note=_("Halls, courses, health checks, vouchers for members"),
    )
    me_links.fill("exchange", entry, order=17)
    footer_links.fill("exchange", entry, order=35)
    me_links.fill(
        "exchange_own",
        NavItem(
            label=_("What my partner offers"),
            url_name="exchange:own_list",
            icon="gift",
            note=_("Offer something, redeem vouchers, answer bookings"),
            visible=_speaks,
        ),
        order=61,
    )
    desk_nav.fill(
        "exchange",
        NavItem(
            label=_("Offers"),
            url_name="exchange:desk_list",
            icon="heart-handshake",
            visible=_manages,
            badge=_waiting,
            group="house",
        ),
        order=83,
    )
    sitemap_urls.fill("exchange", _sitemap)
    files.purposes.fill(PICTURE_PURPOSE, files.Purpose(frozenset({files.Kind.IMAGE})))
    allocation.pool_pages.fill(selectors.VOUCHER, _page)
    allocation.pool_owners.fill(selectors.VOUCHER, selectors.contacts_of)
    allocation.pool_desks.fill(selectors.VOUCHER, _desk)
    allocation.pool_off_words.fill(selectors.VOUCHER, selectors.reason_of)
    allocation.booking_pages.fill(selectors.BOOKED, _page)
    allocation.booking_owners.fill(
        selectors.BOOKED,
        allocation.Owners(
            accounts=selectors.contacts_of,
            name=selectors.partner_name,
            page=lambda booking_id: reverse("exchange:own_booking", args=[booking_id]),
        ),
    )
    case_notes.fill("exchange", case_note)
    privacy_export.fill(
        "exchange", ExportPart(tables=TABLES, read=lambda person: account_export(person.account_id))
    )
    privacy_erase.fill(
        "exchange", ErasePart(tables=TABLES, erase=lambda person: account_erase(person.account_id))
    )


def _page(resource_id: uuid.UUID) -> str | None:
    """The page of an offer, as long as it has one."""
    found = selectors.resource_shown(resource_id)
    return reverse("exchange:resource", args=[resource_id]) if found else None


def _desk(resource_id: uuid.UUID) -> str:
    return reverse("exchange:desk_resource", args=[resource_id])


def case_note(dossier: Dossier, actor: Actor, *, is_own: bool) -> CaseNote | None:
    """Lead from a case about something partners give vouchers for to where they are taken."""
    del actor  # whoever reads the case may read what is published
    found = selectors.vouchers_now(dossier.version.code) if dossier.closed_at is None else []
    if not found:
        return None
    words = (
        gettext("Partners give vouchers for this that you can take yourself, at once.")
        if is_own
        else gettext("The member can take one herself: personal, signed, counted when it is shown. Then no number needs to be typed here.")
    )  # fmt: skip
    links = tuple((one.title, reverse("exchange:resource", args=[one.pk])) for one in found)
    return CaseNote(gettext("Vouchers of partners"), words, links)


def _sitemap() -> Iterable[SitemapUrl]:
    yield SitemapUrl(path=reverse("exchange:resource_list"))


def _manages(request: HttpRequest) -> bool:
    return bool(request.actor.can(Ability.PARTNER_MANAGE))  # type: ignore[attr-defined]  # set by ActorMiddleware


def _speaks(request: HttpRequest) -> bool:
    return request.user.is_authenticated and own_partners(request.user.pk).exists()


def _waiting(request: HttpRequest) -> QuerySet[Resource]:
    return selectors.waiting(request.actor)  # type: ignore[attr-defined]  # set by ActorMiddleware
