"""What the union tree shows elsewhere: the gate of the desk, the posts."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianxin.kit.access import officer_gates
from lianxin.orgs import policies
from lianxin.orgs.rules import Ability
from lianxin.ui.slots import NavItem, desk_nav, me_links


def fill() -> None:
    """Fill the slots of the lower apps."""
    officer_gates.fill("orgs", second_factor_page)
    desk_nav.fill(
        "unions",
        NavItem(
            label=_("Unions"),
            url_name="orgs:union_list",
            icon="hierarchy-2",
            visible=_manages,
            group="house",
        ),
        order=80,
    )
    desk_nav.fill(
        "posts",
        NavItem(
            label=_("Posts"),
            url_name="orgs:post_list",
            icon="user-plus",
            visible=_sees_posts,
            group="house",
        ),
        order=85,
    )
    desk_nav.fill(
        "trail",
        NavItem(
            label=_("Audit trail"),
            url_name="orgs:trail",
            icon="history",
            visible=_reads_trail,
            group="house",
        ),
        order=95,
    )
    me_links.fill(
        "own_posts",
        NavItem(
            label=_("My posts"),
            url_name="orgs:own_posts",
            icon="user-check",
            note=_("What you are entrusted with, until when, and who stands in for you."),
            visible=_is_officer,
        ),
        order=2,
    )


def second_factor_page(request: HttpRequest) -> str:
    """Return where an officer shows password and second factor, if she has not in this session."""
    locked = getattr(getattr(request, "actor", None), "is_locked", False)
    return reverse("accounts:second_factor") if locked else ""


def _manages(request: HttpRequest) -> bool:
    return bool(request.actor.can(Ability.ORGANISATION_MANAGE))  # type: ignore[attr-defined]  # set by ActorMiddleware


def _sees_posts(request: HttpRequest) -> bool:
    return policies.may_see_posts(request.actor)  # type: ignore[attr-defined]  # set by ActorMiddleware


def _reads_trail(request: HttpRequest) -> bool:
    return policies.may_read_trail(request.actor)  # type: ignore[attr-defined]  # set by ActorMiddleware


def _is_officer(request: HttpRequest) -> bool:
    return bool(request.actor.is_officer)  # type: ignore[attr-defined]  # set by ActorMiddleware
