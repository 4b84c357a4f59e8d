"""Where the catalogue shows itself, and what it answers for lower apps."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianxin.allocation.api import (
    BookingService,
    PoolCases,
    booking_services,
    pool_cases,
    pool_openers,
    pool_pages,
)
from lianxin.catalogue import policies, services
from lianxin.catalogue.constants import (
    CORRECTION,
    DRAFT_FILES,
    DRAW_STEP,
    FILLING_IN,
    FOUNDING,
    JOINING,
    NIGHTS,
    PLACES,
    ROUNDS,
    TRANSFER,
)
from lianxin.catalogue.selectors.correcting import links_of, notes_of
from lianxin.catalogue.selectors.drawn import case_desks, case_note, case_page
from lianxin.catalogue.selectors.filling import drafts_of, is_quiet
from lianxin.catalogue.selectors.guide import search_paths
from lianxin.catalogue.selectors.parameters import parameter_fen
from lianxin.catalogue.selectors.places import offer_path
from lianxin.catalogue.selectors.shelf import shelf
from lianxin.files.api import access
from lianxin.members.api import (
    ErasePart,
    ExportPart,
    Member,
    MergePart,
    Person,
    PersonLink,
    fact_links,
    member_merge,
    member_of,
    opening_words,
    person_links,
    privacy_erase,
    privacy_export,
)
from lianxin.orgs.api import Ability, Actor
from lianxin.procedures.api import (
    StepKind,
    answers_checks,
    case_notes,
    desk_notes,
    parameters,
    signature_words,
    step_kinds,
)
from lianxin.ui import slots as ui

TABLES = ("catalogue.Draft",)


def doors_card(request: HttpRequest) -> ui.HomeCard | None:  # noqa: ARG001  (a card is asked with the request)
    """The doors to the services on the home page."""
    doors = shelf().doors
    if not doors:
        return None
    return ui.HomeCard(
        title=_("What do you need?"),
        template="catalogue/_doors_part.html",
        context={"doors": doors},
        more_label=_("All services"),
        more_url=reverse("catalogue:service_list"),
    )


def drafts_card(request: HttpRequest) -> ui.HomeCard | None:
    """What was begun and waits to be finished."""
    if not request.user.is_authenticated:
        return None
    # Others may glance at the home page.
    drafts = [one for one in drafts_of(request.user.pk) if one.person is None and not is_quiet(one)]
    if not drafts:
        return None
    return ui.HomeCard(
        title=_("Begun, not sent"),
        template="catalogue/_drafts_part.html",
        context={"drafts": drafts},
    )


def _sitemap() -> Iterable[ui.SitemapUrl]:
    yield ui.SitemapUrl(path=reverse("catalogue:service_list"))
    for path, changed_on in search_paths():
        yield ui.SitemapUrl(path=path, changed_on=changed_on)


def _may_help(request: HttpRequest) -> bool:
    return bool(request.actor.with_ability(Ability.MEMBER_HELP))  # type: ignore[attr-defined]  # set by ActorMiddleware


def _may_join(request: HttpRequest) -> bool:
    return request.user.is_authenticated and member_of(request.user.pk) is None


def _help_link(actor: Actor, member: Member) -> PersonLink | None:
    if not policies.may_help(actor, member):
        return None
    address = reverse("catalogue:help_person", args=[member.pk])
    return PersonLink(label=_("Fill in together"), url=address, icon="users")


def _privacy() -> None:
    privacy_export.fill(
        "catalogue",
        ExportPart(
            tables=TABLES,
            read=lambda person: services.person_export(person.account_id, person.member_id),
        ),
    )
    privacy_erase.fill("catalogue", ErasePart(tables=TABLES, erase=_erase))
    member_merge.fill("catalogue", MergePart(tables=TABLES, merge=services.drafts_merge))
    opening_words.fill(FILLING_IN, _("to fill in an application with you"))


def _erase(person: Person) -> None:
    services.person_erase(person.account_id, person.member_id)


def fill() -> None:
    """Fill the slots; called once by apps.py."""
    _privacy()
    person_links.fill("catalogue", _help_link)
    ui.terminal_nav.fill(
        "services",
        ui.NavItem(label=_("Services"), url_name="catalogue:service_list", icon="layout-grid"),
        order=20,
    )
    ui.footer_links.fill(
        "services",
        ui.NavItem(label=_("All services"), url_name="catalogue:service_list"),
        order=20,
    )
    ui.desk_nav.fill(
        "help",
        ui.NavItem(
            label=_("Fill in together"),
            url_name="catalogue:help_list",
            icon="users",
            visible=_may_help,
            group="people",
        ),
        order=40,
    )
    ui.desk_nav.fill(
        "posters",
        ui.NavItem(
            label=_("Invite to join"),
            url_name="catalogue:poster_list",
            icon="qrcode",
            visible=_may_help,
            group="people",
        ),
        order=55,
    )
    ui.me_links.fill(
        "join",
        ui.NavItem(
            label=_("Join the union"),
            url_name="catalogue:join_find",
            icon="user-check",
            note=_("Three minutes; without an employer too"),
            visible=_may_join,
        ),
        order=6,
    )
    ui.home_cards.fill("drafts", drafts_card, order=25)
    ui.home_cards.fill("doors", doors_card, order=30)
    ui.sitemap_urls.fill("catalogue", _sitemap)
    pool_pages.fill(PLACES, offer_path)
    pool_pages.fill(ROUNDS, offer_path)
    pool_cases.fill(ROUNDS, PoolCases(words=services.round_words, page=case_page, desk=case_desks))
    case_notes.fill("draw", case_note)
    pool_openers.fill(
        "services",
        ui.NavItem(
            label=_("Open places of a service"), url_name="catalogue:places_list", icon="plus"
        ),
        order=20,
    )
    access.fill(DRAFT_FILES, policies.may_open_draft_file)
    parameters.fill("catalogue", parameter_fen)
    step_kinds.fill(StepKind.DECISION, services.Admission())
    step_kinds.fill(DRAW_STEP, services.DrawStep())
    answers_checks.fill(JOINING, services.joining_check)
    answers_checks.fill(FOUNDING, services.founding_check)
    answers_checks.fill(TRANSFER, services.transfer_check)
    answers_checks.fill(NIGHTS, services.stay_check)
    booking_services.fill(
        NIGHTS,
        BookingService(
            label=_("Free nights for young workers"),
            page=lambda booking_id: reverse("catalogue:stay_apply", args=[booking_id]),
            case_page=lambda case_id: f"/cases/{case_id}/",
        ),
    )
    answers_checks.fill(CORRECTION, services.correction_check)
    desk_notes.fill(CORRECTION, notes_of)
    signature_words.fill("catalogue", services.consents_signed)
    fact_links.fill("catalogue", links_of)
