"""Where activities show themselves."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.activities.constants import ALBUM_PURPOSE, COVER_PURPOSE, POOL_KIND
from lianxin.activities.forms import asking
from lianxin.activities.models import Activity, Session
from lianxin.activities.selectors import home
from lianxin.activities.selectors.desk import to_look_at
from lianxin.activities.selectors.feeds import search_paths
from lianxin.activities.selectors.helping import has_shifts
from lianxin.activities.selectors.showing import free_of, when_words
from lianxin.activities.selectors.signing import PURPOSE, asks_anything
from lianxin.activities.services.privacy import TABLES, account_erase, account_export
from lianxin.activities.services.running import RUN
from lianxin.allocation.api import (
    Claim,
    PoolQuestions,
    ahead_for,
    pool_off_words,
    pool_openers,
    pool_pages,
    pool_questions,
)
from lianxin.files import api as files
from lianxin.members.api import (
    ErasePart,
    ExportPart,
    member_here,
    opening_words,
    privacy_erase,
    privacy_export,
)
from lianxin.orgs.api import Ability, Effect, below_q, organisation_effects
from lianxin.ui import slots as ui


def session_address(session_id: uuid.UUID) -> str | None:
    """The page of a session whose places are asked for."""
    found = Session.objects.filter(pk=session_id).values_list("activity_id", flat=True).first()
    return reverse("activities:session", args=[found, session_id]) if found else None


def amend_address(session_id: uuid.UUID, claim_id: uuid.UUID) -> str | None:
    """Where somebody changes what she told when she signed up, if anything was asked."""
    return reverse("activities:sign_up_amend", args=[claim_id]) if asks_anything(session_id) else None  # fmt: skip


def session_off_words(session_id: uuid.UUID) -> str:
    """Why a session was called off."""
    rows = Session.objects.filter(pk=session_id).values_list("off_words", flat=True)
    return rows.first() or ""


def _arranges(request: HttpRequest) -> bool:
    return bool(request.actor.with_ability(Ability.PLACES_MANAGE))  # type: ignore[attr-defined]  # set by ActorMiddleware


def _helps(request: HttpRequest) -> bool:
    return request.user.is_authenticated and has_shifts(request.user.pk)


def _to_look_at(request: HttpRequest) -> QuerySet[Activity]:
    return to_look_at(request.actor)  # type: ignore[attr-defined]  # set by ActorMiddleware


def _sitemap() -> Iterable[ui.SitemapUrl]:
    yield ui.SitemapUrl(path=reverse("activities:activity_list"))
    for path, changed_on in search_paths():
        yield ui.SitemapUrl(path=path, changed_on=changed_on)


def planned_below(path: str) -> Effect:
    """Count the times still ahead at a union and below it, for whoever changes the tree."""
    return Effect(
        gettext("times of activities ahead"), Session.objects.ahead().filter(below_q(path)).count()
    )


def next_card(request: HttpRequest) -> ui.HomeCard | None:
    """Her next activity, high on the home."""
    found = home.next_for(request)
    if found is None:
        return None
    claim, session = found
    return ui.HomeCard(
        title=_("Your next activity"),
        template="activities/_next_card.html",
        context={"claim": claim, "session": session, "when": when_words(session)},
        more_label=_("My places"),
        more_url=reverse("allocation:mine"),
    )


def near_card(request: HttpRequest) -> ui.HomeCard | None:
    """One activity she may still join, further down, where nothing is booked."""
    if any(one.pool.kind == POOL_KIND for one in ahead_for(request).places):
        return None
    session = home.near_of(request.actor, member_here(request))  # type: ignore[attr-defined]  # set by ActorMiddleware
    if session is None:
        return None
    return ui.HomeCard(
        title=_("You may join"),
        template="activities/_near_card.html",
        context={"session": session, "when": when_words(session), "free": free_of(session)},
        more_label=_("All"),
        more_url=reverse("activities:activity_list"),
    )


def fill() -> None:
    """Fill the slots; called once by apps.py."""
    ui.terminal_nav.fill(
        "activities",
        ui.NavItem(
            label=_("Activities"), url_name="activities:activity_list", icon="calendar-event"
        ),
        order=40,
    )
    ui.service_doors.fill(
        "study_tours",
        ui.NavItem(
            label=_("Study tours"),
            url_name="activities:study_tours",
            icon="route",
            note=_("Routes with places, for yourself or for your union"),
        ),
        order=40,
    )
    ui.desk_nav.fill(
        "activities",
        ui.NavItem(
            label=_("Activities"),
            url_name="activities:desk_list",
            icon="calendar-event",
            group="places",
            visible=_arranges,
            badge=_to_look_at,
        ),
        order=35,
    )
    ui.sitemap_urls.fill("activities", _sitemap)
    ui.home_cards.fill("next_activity", next_card, order=13)
    ui.home_cards.fill("near_activity", near_card, order=50)
    ui.me_links.fill(
        "calendar",
        ui.NavItem(
            label=_("My calendar"),
            url_name="activities:calendar",
            icon="calendar-plus",
            note=_("What you sign up for, in the calendar of your phone"),
        ),
        order=17,
    )
    ui.me_links.fill(
        "shifts",
        ui.NavItem(
            label=_("My shifts"),
            url_name="activities:shifts",
            icon="heart-handshake",
            visible=_helps,
        ),
        order=18,
    )
    organisation_effects.fill("activities", planned_below)
    pool_pages.fill(POOL_KIND, session_address)
    pool_openers.fill(
        "activities",
        ui.NavItem(label=_("New activity"), url_name="activities:desk_new", icon="plus"),
        order=10,
    )
    pool_off_words.fill(POOL_KIND, session_off_words)
    pool_questions.fill(
        POOL_KIND,
        PoolQuestions(
            template="activities/_questions_part.html",
            context=asking.asked,
            read=asking.told,
            amend=amend_address,
        ),
    )
    privacy_export.fill(
        "activities",
        ExportPart(tables=TABLES, read=lambda person: account_export(person.account_id)),
    )
    privacy_erase.fill(
        "activities",
        ErasePart(tables=TABLES, erase=lambda person: account_erase(person.account_id)),
    )
    opening_words.fill(PURPOSE, _("to fill in your sign-up for an activity"))
    opening_words.fill(Claim._meta.label, _("Your sign-up for an activity"))
    opening_words.fill(RUN, _("to run an activity you signed up for"))
    for purpose in (COVER_PURPOSE, ALBUM_PURPOSE):
        files.purposes.fill(purpose, files.Purpose(frozenset({files.Kind.IMAGE})))
