"""Where the desk shows itself: its own tabs, and one tap from the worker's own page."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lianxin.orgs.api import Ability
from lianxin.ui.slots import NavItem, desk_nav


def _leads(request: HttpRequest) -> bool:
    return bool(request.actor.can(Ability.TEAM_VIEW))  # type: ignore[attr-defined]  # set by ActorMiddleware


def fill() -> None:
    """Fill the slots; called once by apps.py."""
    desk_nav.fill(
        "queue", NavItem(label=_("My queue"), url_name="desk:queue", icon="list-check"), order=10
    )
    desk_nav.fill(
        "team",
        NavItem(
            label=_("The team"), url_name="desk:team", icon="users", visible=_leads, group="house"
        ),
        order=30,
    )
