"""Where eligibility shows itself: the home page, me, search engines; and what it owes a person."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianxin.eligibility.models import Outcome, Refusal
from lianxin.eligibility.selectors import answers, showing
from lianxin.members.api import ErasePart, ExportPart, Person, privacy_erase, privacy_export
from lianxin.ui.slots import HomeCard, NavItem, SitemapUrl, home_cards, me_links, sitemap_urls

TABLES = ("eligibility.Outcome", "eligibility.Refusal")


def found_card(request: HttpRequest) -> HomeCard | None:
    """What was found for her, two at most, each with its reason; one query."""
    if not request.user.is_authenticated:
        return None
    rows = answers.outcomes_of(request.user.pk, 2)
    if not rows:
        return None
    return HomeCard(
        title=_("Found for you"),
        template="eligibility/_found_card.html",
        context={"cards": [showing.card_of(row) for row in rows]},
        more_label=_("All, and why"),
        more_url=reverse("eligibility:found"),
    )


def check_card(request: HttpRequest) -> HomeCard | None:
    """The way in for a visitor: a few questions, nothing kept."""
    if request.user.is_authenticated:
        return None
    return HomeCard(title=_("What could I get?"), template="eligibility/_check_card.html")


def _export(person: Person) -> dict[str, object]:
    if person.member_id is None:
        return {}
    rows = Outcome.objects.filter(member_id=person.member_id).select_related("policy")
    refusals = Refusal.objects.filter(member_id=person.member_id)
    return {
        "found": [
            {"policy": row.policy.code, "state": row.state, "found_at": row.found_at.isoformat()}
            for row in rows.order_by("found_at")
        ],
        "not_looked_for": [row.purpose for row in refusals.order_by("purpose")],
    }


def _erase(person: Person) -> None:
    if person.member_id is None:
        return
    Outcome.objects.filter(member_id=person.member_id).delete()
    Refusal.objects.filter(member_id=person.member_id).delete()


def fill() -> None:
    """Fill the slots; called once by apps.py."""
    home_cards.fill("found", found_card, order=20)
    home_cards.fill("check", check_card, order=35)
    me_links.fill(
        "found",
        NavItem(
            label=_("What fits me"),
            url_name="eligibility:found",
            icon="bulb",
            note=_("Help and subsidies, each with its reason"),
        ),
        order=8,
    )
    sitemap_urls.fill("eligibility", lambda: [SitemapUrl(path=reverse("eligibility:check"))])
    privacy_export.fill("eligibility", ExportPart(tables=TABLES, read=_export))
    privacy_erase.fill("eligibility", ErasePart(tables=TABLES, erase=_erase))
