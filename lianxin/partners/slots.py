"""Where partners show themselves, and what they answer for a person's data."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lianxin.kit import clock
from lianxin.members.api import ErasePart, ExportPart, Person, privacy_erase, privacy_export
from lianxin.orgs.api import Ability
from lianxin.partners.models import Contact
from lianxin.partners.selectors import own_partners
from lianxin.ui.slots import NavItem, desk_nav, me_links

TABLES = ("partners.Contact",)


def fill() -> None:
    """Fill the slots of the lower apps."""
    desk_nav.fill(
        "partners",
        NavItem(
            label=_("Partners"),
            url_name="partners:partner_list",
            icon="briefcase",
            visible=_manages,
            group="house",
        ),
        order=82,
    )
    me_links.fill(
        "partner",
        NavItem(
            label=_("The partner I speak for"),
            url_name="partners:own",
            icon="briefcase",
            note=_("What is written of it, and who to call"),
            visible=_speaks,
        ),
        order=60,
    )
    privacy_export.fill("partners", ExportPart(tables=TABLES, read=_export))
    privacy_erase.fill("partners", ErasePart(tables=TABLES, erase=_erase))


def _manages(request: HttpRequest) -> bool:
    return bool(request.actor.can(Ability.PARTNER_MANAGE))  # type: ignore[attr-defined]  # set by ActorMiddleware


def _speaks(request: HttpRequest) -> bool:
    return request.user.is_authenticated and own_partners(request.user.pk).exists()


def _export(person: Person) -> list[dict[str, str | None]]:
    if person.account_id is None:
        return []
    rows = Contact.objects.filter(account_id=person.account_id).select_related("partner")
    return [
        {
            "partner": row.partner.name,
            "title": row.title,
            "starts_on": row.starts_on.isoformat(),
            "ended_on": row.ended_on.isoformat() if row.ended_on else None,
        }
        for row in rows.order_by("starts_on", "pk")
    ]


def _erase(person: Person) -> None:
    """End her speaking for partners; that somebody spoke stays, without her title."""
    if person.account_id is None:
        return
    rows = Contact.objects.filter(account_id=person.account_id)
    rows.filter(ended_on=None).update(ended_on=clock.today())
    rows.update(title="")
