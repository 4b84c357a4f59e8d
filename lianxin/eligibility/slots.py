"""Where eligibility shows itself: the home page, me, search engines; and what it owes a person."""

from __future__ import annotations

import uuid

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianxin.eligibility import policies
from lianxin.eligibility.forms.objecting import LOOKING_BACK
from lianxin.eligibility.models import Objection, Outcome, Proposal, Refusal, Telling
from lianxin.eligibility.selectors import answers, showcase, showing
from lianxin.eligibility.selectors.looks import crowd_looks_of
from lianxin.eligibility.services import objections_export
from lianxin.kit import clock
from lianxin.members.api import (
    ErasePart,
    ExportPart,
    Member,
    MergePart,
    Person,
    PersonLink,
    crowd_looks,
    member_merge,
    opening_words,
    person_links,
    privacy_erase,
    privacy_export,
    rows_follow,
)
from lianxin.orgs.api import Actor
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

TABLES = (
    "eligibility.Outcome",
    "eligibility.Telling",
    "eligibility.Refusal",
    "eligibility.Objection",
    "eligibility.Proposal",
)


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
        context={"cards": showing.cards_of(rows)},
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
        "told": [
            {"policy": row.code, "year": row.year}
            for row in Telling.objects.filter(member_id=person.member_id).order_by("year", "code")
        ],
        "not_looked_for": [row.purpose for row in refusals.order_by("purpose")],
        "objections": objections_export(person.member_id),
        "proposals": [
            {"policy": row.policy.code, "state": row.state, "at": row.created_at.isoformat()}
            for row in Proposal.objects.filter(member_id=person.member_id).select_related("policy")
        ],
    }


def _erase(person: Person) -> None:
    if person.member_id is None:
        return
    Outcome.objects.filter(member_id=person.member_id).delete()
    Telling.objects.filter(member_id=person.member_id).delete()
    Refusal.objects.filter(member_id=person.member_id).delete()
    Objection.objects.filter(member_id=person.member_id).delete()
    Proposal.objects.filter(member_id=person.member_id).delete()


# What may stand only once for a member.
_ONCE: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "eligibility.Outcome": (Outcome, ("policy_id",)),
    "eligibility.Telling": (Telling, ("code", "year")),
    "eligibility.Refusal": (Refusal, ("purpose",)),
    "eligibility.Objection": (Objection, ("policy_id", "state")),
    "eligibility.Proposal": (Proposal, ("policy_id", "year")),
}


def _merge(kept_id: uuid.UUID, gone_id: uuid.UUID) -> None:
    for model, alone in _ONCE.values():
        rows_follow(model, kept_id, gone_id, alone=alone)


def _then_link(actor: Actor, member: Member) -> PersonLink | None:
    if not policies.may_replay(actor, member):
        return None
    url = reverse("eligibility:member_then", args=[member.pk])
    return PersonLink(label=_("How a policy came out on a day"), url=url, icon="history")


def _sitemap() -> list[SitemapUrl]:
    kinds = showcase.kinds_of_help(clock.today())
    pages = [reverse("eligibility:policy_page", args=[line.code]) for kind in kinds for line in kind.lines]  # fmt: skip
    own = [reverse("eligibility:check"), reverse("eligibility:policy_all")]
    return [SitemapUrl(path=path) for path in [*own, *pages]]


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
    sitemap_urls.fill("eligibility", _sitemap)
    service_doors.fill(
        "policies",
        NavItem(
            label=_("All help and subsidies"),
            url_name="eligibility:policy_all",
            icon="list-check",
            note=_("For whom each is, and what it gives"),
        ),
        order=10,
    )
    privacy_export.fill("eligibility", ExportPart(tables=TABLES, read=_export))
    privacy_erase.fill("eligibility", ErasePart(tables=TABLES, erase=_erase))
    member_merge.fill("eligibility", MergePart(tables=tuple(_ONCE), merge=_merge))
    desk_nav.fill(
        "policies",
        NavItem(
            group="rules",
            label=_("Policies"),
            url_name="eligibility:policy_list",
            icon="scale",
            visible=lambda request: policies.may_write(request.actor),  # type: ignore[attr-defined]  # set by ActorMiddleware
        ),
        order=60,
    )
    desk_nav.fill(
        "policy_objections",
        NavItem(
            group="rules",
            label=_("Policy objections"),
            url_name="eligibility:objection_list",
            icon="message",
            visible=lambda request: policies.may_answer_any(request.actor),  # type: ignore[attr-defined]  # set by ActorMiddleware
        ),
        order=45,
    )
    desk_nav.fill(
        "proposals",
        NavItem(
            group="rules",
            label=_("Without applying"),
            url_name="eligibility:proposal_list",
            icon="gift",
            visible=lambda request: policies.may_serve_any(request.actor),  # type: ignore[attr-defined]  # set by ActorMiddleware
        ),
        order=42,
    )
    desk_nav.fill(
        "policy_counts",
        NavItem(
            group="rules",
            label=_("Whom policies fit"),
            url_name="eligibility:count_list",
            icon="chart-bar",
            visible=lambda request: policies.may_count_any(request.actor),  # type: ignore[attr-defined]  # set by ActorMiddleware
        ),
        order=62,
    )
    crowd_looks.fill("eligibility", crowd_looks_of)
    opening_words.fill("eligibility.proposed", _("to come by without your having to apply"))
    for code, words in LOOKING_BACK.items():
        opening_words.fill(code, words)
    person_links.fill("eligibility", _then_link)
    opening_words.fill("eligibility.Objection", _("Your words to an objection"))
    opening_words.fill("policy.effect", _("a machine counted whom a new policy would fit; nobody saw it"))  # fmt: skip
