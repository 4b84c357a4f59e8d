"""Who reads and answers a suggestion."""

from __future__ import annotations

from django.db.models import QuerySet

from lianxin.orgs.api import Ability, Actor, reach_q
from lianxin.voice.models import Suggestion


def visible_to(actor: Actor) -> QuerySet[Suggestion]:
    """Only the union it is addressed to, and those over it; a complaint chose its reader itself."""
    return Suggestion.objects.filter(reach_q(actor, Ability.SUGGESTION_ANSWER)).exclude(
        account_id=actor.account_id, account_id__isnull=False
    )


def may_answer(actor: Actor, suggestion: Suggestion) -> bool:
    """Say whether an officer answers a suggestion: the condition of the list, asked of one."""
    return visible_to(actor).filter(pk=suggestion.pk).exists()
