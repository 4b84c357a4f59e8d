"""Where notices show themselves: the foot of every page, the home page, the desk."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lianxin.members.api import ErasePart, ExportPart, opening_words, privacy_erase, privacy_export
from lianxin.notices import policies, selectors
from lianxin.notices.models import Objection
from lianxin.notices.services import account_erase, account_export
from lianxin.orgs.api import Ability
from lianxin.ui.slots import HomeCard, NavItem, desk_nav, footer_links, home_cards


def running_card(_request: HttpRequest) -> HomeCard | None:
    """Two running notices for the home page; no card when none runs."""
    notices = list(selectors.running()[:2])
    if not notices:
        return None
    return HomeCard(
        title=_("Public notices"),
        template="notices/_running_card.html",
        context={"notices": notices},
        more_label=_("All"),
        more_url="/notices/",
    )


def _may_settle(request: HttpRequest) -> bool:
    return bool(request.actor.with_ability(Ability.NOTICE_MANAGE))  # type: ignore[attr-defined]  # set by ActorMiddleware


def _open_count(request: HttpRequest) -> QuerySet[Objection]:
    return policies.objections_visible_to(request.actor).filter(state="open")  # type: ignore[attr-defined]  # set by ActorMiddleware


def fill() -> None:
    """Fill the slots; called once by apps.py."""
    footer_links.fill(
        "notices",
        NavItem(label=_("Public notices"), url_name="notices:notice_list", icon="list"),
        order=40,
    )
    home_cards.fill("notices", running_card, order=70)
    desk_nav.fill(
        "objections",
        NavItem(
            label=_("Objections"),
            url_name="notices:objection_list",
            icon="message",
            visible=_may_settle,
            badge=_open_count,
        ),
        order=40,
    )
    tables = ("notices.NoticeLine", "notices.Objection")
    privacy_export.fill(
        "notices", ExportPart(tables=tables, read=lambda person: account_export(person.account_id))
    )
    privacy_erase.fill(
        "notices", ErasePart(tables=tables, erase=lambda person: account_erase(person.account_id))
    )
    opening_words.fill("objection.settle", _("to answer your objection"))
