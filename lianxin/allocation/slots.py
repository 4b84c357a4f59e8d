"""Where allocation shows itself: the home while an answer is asked, me, the desk."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lianxin.allocation.selectors.mine import offers_open
from lianxin.allocation.services.privacy import account_erase, account_export
from lianxin.members.api import ErasePart, ExportPart, privacy_erase, privacy_export
from lianxin.orgs.api import Ability
from lianxin.ui.slots import HomeCard, NavItem, desk_nav, home_cards, me_links


def _may_arrange(request: HttpRequest) -> bool:
    return bool(request.actor.with_ability(Ability.PLACES_MANAGE))  # type: ignore[attr-defined]  # set by ActorMiddleware


def _offers(request: HttpRequest) -> HomeCard | None:
    """Stand on the home while a place that came free waits for a yes."""
    if not request.user.is_authenticated:
        return None
    offers = offers_open(request.user.pk)
    if not offers:
        return None
    return HomeCard(
        title=_("A place came free for you"),
        template="allocation/_offers_card.html",
        context={"offers": offers},
    )


def fill() -> None:
    """Fill the slots; called once by apps.py."""
    home_cards.fill("places", _offers, order=15)
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
        ),
        order=45,
    )
    tables = ("allocation.Claim",)
    privacy_export.fill(
        "allocation",
        ExportPart(tables=tables, read=lambda person: account_export(person.account_id)),
    )
    privacy_erase.fill(
        "allocation",
        ErasePart(tables=tables, erase=lambda person: account_erase(person.account_id)),
    )
