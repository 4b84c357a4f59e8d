"""What procedures show elsewhere, and the duties they take over for lower apps."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.files import api as files
from lianxin.members.api import (
    ErasePart,
    ExportPart,
    MergePart,
    member_merge,
    opening_words,
    privacy_erase,
    privacy_export,
)
from lianxin.orgs.api import Ability, Actor, Effect, below_q, organisation_effects
from lianxin.procedures import policies
from lianxin.procedures.constants import SIGNED
from lianxin.procedures.forms import OPENINGS
from lianxin.procedures.models import Dossier
from lianxin.procedures.selectors.status import cases_of
from lianxin.procedures.services.privacy import (
    TABLES,
    procedures_erase,
    procedures_export,
    procedures_holds,
    procedures_page,
    subjects_merge,
)
from lianxin.procedures.services.resealing import sealed_stores
from lianxin.ui.slots import HomeCard, NavItem, desk_nav, home_cards, terminal_nav
from lianxin.vault.api import resealers

MOST_ON_HOME = 3


def may_open_papers(actor: Actor, dossier_id: uuid.UUID) -> bool:
    """Whoever may see a dossier may open its papers; each opening is noted by `files`."""
    return policies.visible_to(actor, Dossier.objects.filter(pk=dossier_id)).exists()


def running_card(request: HttpRequest) -> HomeCard | None:
    """The cases in progress for the home page, what waits for the person first."""
    account_id = request.user.pk
    if account_id is None:
        return None
    cases = cases_of(account_id, only_running=True, limit=MOST_ON_HOME + 1)
    if not cases:
        return None
    cases.sort(key=lambda case: case.status.tone != "ask")
    return HomeCard(
        title=_("In progress"),
        template="procedures/_cases_card.html",
        context={"cases": cases[:MOST_ON_HOME]},
        more_label=_("All my cases"),
        more_url="/cases/",
    )


def _pays(request: HttpRequest) -> bool:
    return bool(request.actor.with_ability(Ability.PAYMENT_MANAGE))  # type: ignore[attr-defined]  # set by ActorMiddleware


def _handles(request: HttpRequest) -> bool:
    return bool(request.actor.with_ability(Ability.DOSSIER_HANDLE))  # type: ignore[attr-defined]  # set by ActorMiddleware


def _is_signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated


def running_below(path: str) -> Effect:
    """Count the cases that run at a union and below it, for whoever changes the tree."""
    return Effect(
        gettext("cases that run"), Dossier.objects.running().filter(below_q(path)).count()
    )


def fill() -> None:
    """Fill the slots; called once by apps.py."""
    organisation_effects.fill("procedures", running_below)
    files.access.fill("dossier", may_open_papers)
    files.access.fill(SIGNED, policies.may_open_signed)
    for store in sealed_stores():
        resealers.fill(store.name, store)
    privacy_export.fill(
        "procedures",
        ExportPart(tables=TABLES, read=procedures_export, page=procedures_page),
    )
    privacy_erase.fill(
        "procedures", ErasePart(tables=TABLES, erase=procedures_erase, holds=procedures_holds)
    )
    member_merge.fill("procedures", MergePart(tables=("procedures.Dossier",), merge=subjects_merge))
    for code, words in OPENINGS.items():
        opening_words.fill(code, words)
    home_cards.fill("cases", running_card, order=10)
    terminal_nav.fill(
        "cases",
        NavItem(
            label=_("My cases"), url_name="procedures:case_list", icon="clipboard-list",
            visible=_is_signed_in,
        ),
        order=70,
    )  # fmt: skip
    desk_nav.fill(
        "payments",
        NavItem(
            label=_("Payments"), url_name="procedures:payment_list", icon="cash", visible=_pays
        ),
        order=50,
    )
    desk_nav.fill(
        "repairs",
        NavItem(
            label=_("To put right"),
            url_name="procedures:repair_list",
            icon="tools",
            visible=_handles,
        ),
        order=60,
    )
