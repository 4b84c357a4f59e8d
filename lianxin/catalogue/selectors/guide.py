"""What the page of a service says: the guide, the same for all, and what it means for oneself."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext

from lianxin.catalogue import policies
from lianxin.catalogue.models import Draft, ParameterValue
from lianxin.catalogue.rules.season import Window
from lianxin.catalogue.selectors.filling import known_count, own_draft
from lianxin.catalogue.selectors.parameters import parameter_value
from lianxin.catalogue.selectors.shelf import Offer, shelf
from lianxin.kit import clock
from lianxin.members.api import Member, member_of
from lianxin.orgs.api import Ability, Actor
from lianxin.procedures.api import Dossier, Routing, State

_PAGES: dict[tuple[uuid.UUID | None, str, dt.date], SafeString] = {}
MOST_PAGES = 400


@dataclass(frozen=True)
class Station:
    """One step of the way as promised beforehand."""

    title: str
    note: str
    state: str = "ahead"


@dataclass(frozen=True)
class Mine:
    """What a service means for the person who looks: what is known, begun, running, missing."""

    member: Member | None
    may_apply: bool
    is_for_her: bool
    saved: int
    asked: int
    draft: Draft | None
    running: Dossier | None
    standard: ParameterValue | None
    may_help: bool


def guide_html(offer: Offer) -> SafeString:
    """Draw the guide once a version, language and day; it is the same for everybody."""
    return _drawn(
        offer.version_id,
        "catalogue/_guide_part.html",
        lambda: {
            "card": offer.card,
            "definition": offer.definition,
            "stations": stations_of(offer),
            "days": promised_days(offer),
        },
    )


def doors_html() -> SafeString:
    """Draw all doors with the services behind them, once a release, language and day."""
    found = shelf()
    return _drawn(
        found.release,
        "catalogue/_all_part.html",
        lambda: {"doors": [(door, found.by_door[door.code]) for door in found.doors]},
    )


def _drawn(
    what: uuid.UUID | None, template: str, context: Callable[[], dict[str, object]]
) -> SafeString:
    key = (what, get_language() or "", clock.today())
    if key not in _PAGES:
        if len(_PAGES) >= MOST_PAGES:
            _PAGES.clear()
        _PAGES[key] = render_to_string(template, context())
    return _PAGES[key]


def stations_of(offer: Offer) -> list[Station]:
    """Draw the route as the promise it is: each step with its working days."""
    return [
        Station(
            str(step.name),
            ngettext("%(n)d working day", "%(n)d working days", step.working_days)
            % {"n": step.working_days},
        )
        for step in offer.definition.route
    ]


def promised_days(offer: Offer) -> int:
    """Add up the working days of all steps: the longest it may take."""
    return sum(step.working_days for step in offer.definition.route)


def window_of(offer: Offer) -> Window:
    """Say whether one may apply today."""
    return offer.window(clock.today())


def mine_of(actor: Actor, offer: Offer) -> Mine:
    """Gather what a service means for somebody signed in."""
    member = member_of(actor.account_id)
    income = offer.definition.income
    return Mine(
        member=member,
        may_apply=policies.may_apply(offer.card, member),
        is_for_her=offer.is_for(member),
        saved=known_count(offer.definition, member),
        asked=len(offer.definition.fields),
        draft=own_draft(actor, offer.code),
        running=_running(actor, offer),
        standard=parameter_value(income.standard, member.organisation, clock.today())
        if income and member
        else None,
        may_help=bool(actor.with_ability(Ability.MEMBER_HELP)),
    )


def _running(actor: Actor, offer: Offer) -> Dossier | None:
    if offer.definition.routing is Routing.SPECIALIST:
        # The screen of a shared phone does not tell that somebody sees a counsellor.
        return None
    found = Dossier.objects.filter(applicant_id=actor.account_id, version__code=offer.code)
    return found.exclude(state=State.CLOSED).order_by("-created_at").first()


def search_paths() -> Iterable[tuple[str, str]]:
    """List the public pages: path, and the day of their last change."""
    for offer in shelf().offers.values():
        yield f"/services/{offer.code}/", ""
