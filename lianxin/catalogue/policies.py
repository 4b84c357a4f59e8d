"""The only place that decides who may apply, for whom, and whose drafts one may touch."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from lianxin.catalogue.models import Draft
from lianxin.catalogue.rules.item import Card, OpenTo
from lianxin.members.api import Member
from lianxin.orgs.api import Ability, Actor


def own_drafts(actor: Actor) -> QuerySet[Draft]:
    """Keep the drafts one has begun oneself; nobody else sees them, above or beside."""
    if actor.account_id is None:
        return Draft.objects.none()
    return Draft.objects.filter(account_id=actor.account_id)


def may_apply(card: Card, member: Member | None) -> bool:
    """Say whether somebody signed in may apply for herself."""
    if card.open_to is OpenTo.EVERYONE:
        return True
    return member is not None and member.state != Member.State.ENDED


def may_help(actor: Actor, member: Member) -> bool:
    """An officer fills in with a member in her reach, never with herself (帮办代办)."""
    is_self = actor.account_id is not None and member.account_id == actor.account_id
    return not is_self and actor.can(Ability.MEMBER_HELP, member.organisation.path)


def may_nominate(actor: Actor, card: Card, member: Member) -> bool:
    """Put somebody else forward, where the item allows it."""
    is_self = actor.account_id is not None and member.account_id == actor.account_id
    path = member.organisation.path
    return not is_self and any(actor.can(Ability(one), path) for one in card.nominated_by)


def may_open_draft_file(actor: Actor, draft_id: uuid.UUID) -> bool:
    """The papers of a draft are its writer's."""
    return own_drafts(actor).filter(pk=draft_id).exists()
