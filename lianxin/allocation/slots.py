"""Where allocation shows itself: the home while an answer is asked, me, the desk."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianxin.allocation.models import Booking, Pool
from lianxin.allocation.rules.opening import pool_owners
from lianxin.allocation.selectors.booking_lists import bookings_to_answer
from lianxin.allocation.selectors.booking_shown import line_of
from lianxin.allocation.selectors.draws import pools_unruled
from lianxin.allocation.selectors.mine import ahead_for
from lianxin.allocation.services.booking_opening import RUN
from lianxin.allocation.services.booking_privacy import bookings_erase, bookings_export
from lianxin.allocation.services.following import (
    booked_below,
    lines_stay,
    nobody_counted,
    things_carry,
)
from lianxin.allocation.services.privacy import account_erase, account_export
from lianxin.members.api import (
    ErasePart,
    ExportPart,
    opening_words,
    privacy_erase,
    privacy_export,
)
from lianxin.orgs.api import Ability, Carrier, organisation_carriers, organisation_effects
from lianxin.ui.slots import (
    HomeCard,
    NavItem,
    SitemapUrl,
    desk_nav,
    home_cards,
    me_links,
    service_doors,
    sitemap_urls,
)


def _may_arrange(request: HttpRequest) -> bool:
    return bool(request.actor.with_ability(Ability.PLACES_MANAGE))  # type: ignore[attr-defined]  # set by ActorMiddleware


def _unruled(request: HttpRequest) -> QuerySet[Pool]:
    """Count at her own unions the draws nobody can apply for before their rule is published."""
    held = request.actor.with_ability(Ability.PLACES_MANAGE)  # type: ignore[attr-defined]  # set by ActorMiddleware
    here = pools_unruled().filter(organisation__in={post.organisation_id for post in held})
    return here.exclude(kind__in=pool_owners.keys())  # the list leaves those out too


def _asked(request: HttpRequest) -> HomeCard | None:
    """Stand on the home while a place that came free waits for a yes, or a draw for a secret."""
    ahead = ahead_for(request)
    offers, draws = ahead.offers, ahead.draws[:10]
    if not offers and not draws:
        return None
    return HomeCard(
        title=_("A place came free for you") if offers else _("You watch over a draw"),
        template="allocation/_asked_card.html",
        context={"offers": offers, "draws": draws},
    )


def fill() -> None:
    """Fill the slots; called once by apps.py."""
    home_cards.fill("places", _asked, order=15)
    me_links.fill(
        "places", NavItem(label=_("My places"), url_name="allocation:mine", icon="calendar-event")
    )
    desk_nav.fill(
        "places",
        NavItem(
            label=_("Places"),
            url_name="allocation:pool_list",
            icon="calendar-event",
            visible=_may_arrange,
            badge=_unruled,
            group="places",
        ),
        order=45,
    )
    tables = ("allocation.Claim", "allocation.DrawParty")
    privacy_export.fill(
        "allocation",
        ExportPart(tables=tables, read=lambda person: account_export(person.account_id)),
    )
    privacy_erase.fill(
        "allocation",
        ErasePart(tables=tables, erase=lambda person: account_erase(person.account_id)),
    )
    booked = ("allocation.Booking",)
    privacy_export.fill(
        "bookings",
        ExportPart(tables=booked, read=lambda person: bookings_export(person.account_id)),
    )
    privacy_erase.fill(
        "bookings",
        ErasePart(tables=booked, erase=lambda person: bookings_erase(person.account_id)),
    )
    organisation_carriers.fill(
        "allocation", Carrier(follow=lines_stay, carry=things_carry, count=nobody_counted)
    )
    organisation_effects.fill("bookings", booked_below)
    opening_words.fill(RUN, _("to receive you, or to answer your booking"))
    me_links.fill(
        "bookings",
        NavItem(
            label=_("My bookings"),
            url_name="allocation:booking_mine",
            icon="bed",
            note=_("Rooms and beds, and giving them back"),
        ),
        order=16,
    )
    desk_nav.fill(
        "bookings",
        NavItem(
            label=_("Bookings"),
            url_name="allocation:booking_list",
            icon="bed",
            visible=_may_arrange,
            badge=_waiting,
            group="places",
        ),
        order=46,
    )
    home_cards.fill("bookings", bookings_card, order=12)
    service_doors.fill(
        "bookings",
        NavItem(
            label=_("Rooms and beds"),
            url_name="allocation:bookable_list",
            icon="bed",
            note=_("What is free, by the night or the hour"),
        ),
        order=30,
    )
    sitemap_urls.fill("bookings", lambda: [SitemapUrl(path=reverse("allocation:bookable_list"))])


def bookings_card(request: HttpRequest) -> HomeCard | None:
    """What she booked and is ahead, the next first."""
    ahead = ahead_for(request).bookings[:2]
    if not ahead:
        return None
    return HomeCard(
        title=_("Booked"),
        template="allocation/_bookings_card.html",
        context={"rows": [(one, line_of(one)) for one in ahead]},
        more_label=_("All my bookings"),
        more_url=reverse("allocation:booking_mine"),
    )


def _waiting(request: HttpRequest) -> QuerySet[Booking]:
    return bookings_to_answer(request.actor)  # type: ignore[attr-defined]  # set by ActorMiddleware
