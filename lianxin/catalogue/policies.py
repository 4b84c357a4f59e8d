"""The only place that decides who may apply, for whom, and whose drafts one may touch."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from lianxin.catalogue.models import Draft
from lianxin.catalogue.rules.item import Card, OpenTo
from lianxin.members.api import Member
from lianxin.orgs.api import Ability, Actor
from lianxin.procedures.api import Routing


def own_drafts(actor: Actor) -> QuerySet[Draft]:
    """Keep the drafts one has begun oneself; nobody else sees them, above or beside.

    Those begun with somebody else are work of the desk: they need a post in force, unlocked.
    """
    if actor.account_id is None:
        return Draft.objects.none()
    mine = Draft.objects.filter(account_id=actor.account_id)
    return mine if actor.is_officer else mine.filter(person=None)


def may_apply(card: Card, member: Member | None) -> bool:
    """Say whether somebody signed in may apply for herself."""
    if card.open_to is OpenTo.EVERYONE:
        return True
    return member is not None and member.state != Member.State.ENDED


def may_help(actor: Actor, member: Member) -> bool:
    """An officer fills in with a member in her reach, never with herself (帮办代办)."""
    is_self = actor.account_id is not None and member.account_id == actor.account_id
    return not is_self and actor.can(Ability.MEMBER_HELP, member.organisation.path)


def may_help_with(actor: Actor, routing: Routing, member: Member) -> bool:
    """Say whether a kind of service may be filled in together at all.

    What passes by the employer must not begin at the desk of its union: a complaint is taken down
    by an officer from above, and what goes to a counsellor nobody writes down for her.
    """
    if routing is Routing.SPECIALIST:
        return False
    own = member.organisation_id
    is_colleague = any(post.organisation_id == own for post in actor.posts)
    return may_help(actor, member) and not (routing is Routing.AVOID and is_colleague)


def may_nominate(actor: Actor, card: Card, member: Member) -> bool:
    """Put somebody else forward, where the item allows it."""
    is_self = actor.account_id is not None and member.account_id == actor.account_id
    path = member.organisation.path
    return not is_self and any(actor.can(Ability(one), path) for one in card.nominated_by)


def may_open_draft_file(actor: Actor, draft_id: uuid.UUID) -> bool:
    """The papers of a draft are its writer's."""
    return own_drafts(actor).filter(pk=draft_id).exists()
