"""Where the door shows itself: the desk of a security administrator, and a person's own copy."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lianxin.gateway.services import person_erase, person_export, requests_export
from lianxin.members.api import ErasePart, ExportPart, Person, privacy_erase, privacy_export
from lianxin.orgs.api import Ability
from lianxin.ui.slots import NavItem, desk_nav


def _keeps_doors(request: HttpRequest) -> bool:
    return bool(request.actor.with_ability(Ability.CLIENT_VIEW))  # type: ignore[attr-defined]  # set by ActorMiddleware


def _export(person: Person) -> dict[str, object]:
    return {
        "handed_in": person_export(person.account_id),
        "secrets": requests_export(person.account_id),
    }


def fill() -> None:
    """Fill the slots; called once by apps.py."""
    desk_nav.fill(
        "gateway",
        NavItem(
            label=_("Other systems"),
            url_name="gateway:clients",
            icon="link",
            visible=_keeps_doors,
            group="house",
        ),
        order=90,
    )
    tables = ("gateway.JoinPush", "gateway.ClientRequest")
    privacy_export.fill("gateway", ExportPart(tables=tables, read=_export))
    privacy_erase.fill(
        "gateway", ErasePart(tables=tables, erase=lambda person: person_erase(person.account_id))
    )
