"""Where voice shows itself: the foot and the help of every page, me, the desk."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lianxin.members.api import ErasePart, ExportPart, opening_words, privacy_erase, privacy_export
from lianxin.orgs.api import Ability
from lianxin.ui.slots import NavItem, desk_nav, footer_links, help_links, me_links
from lianxin.voice import policies
from lianxin.voice.models import Suggestion
from lianxin.voice.services import account_erase, account_export


def _may_answer(request: HttpRequest) -> bool:
    return bool(request.actor.with_ability(Ability.SUGGESTION_ANSWER))  # type: ignore[attr-defined]  # set by ActorMiddleware


def _waiting(request: HttpRequest) -> QuerySet[Suggestion]:
    return policies.visible_to(request.actor).filter(answered_on__isnull=True)  # type: ignore[attr-defined]  # set by ActorMiddleware


def fill() -> None:
    """Fill the slots; called once by apps.py."""
    entry = NavItem(
        label=_("Suggestions and complaints"),
        url_name="voice:suggestion_new",
        icon="message",
        note=_("With or without your name. Answered within 5 working days."),
    )
    footer_links.fill("voice", entry, order=10)
    help_links.fill("voice", entry, order=30)
    me_links.fill(
        "voice",
        NavItem(label=_("What I suggested"), url_name="voice:suggestion_mine", icon="message"),
        order=80,
    )
    desk_nav.fill(
        "voice",
        NavItem(
            label=_("Suggestions"),
            url_name="voice:suggestion_list",
            icon="message",
            visible=_may_answer,
            badge=_waiting,
        ),
        order=50,
    )
    tables = ("voice.Suggestion",)
    privacy_export.fill(
        "voice", ExportPart(tables=tables, read=lambda person: account_export(person.account_id))
    )
    privacy_erase.fill(
        "voice", ErasePart(tables=tables, erase=lambda person: account_erase(person.account_id))
    )
    opening_words.fill("suggestion.answer", _("to answer your suggestion"))
