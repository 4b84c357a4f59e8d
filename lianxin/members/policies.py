"""The only place that decides who may see or change what is known about a member."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from lianxin.members.models import ImportRun, Member
from lianxin.members.rules.membership import HELD
from lianxin.orgs.api import (
    Ability,
    Actor,
    HeldPost,
    Level,
    Organisation,
    Reach,
    below_q,
    paths_above,
    reach_q,
)

_LEAVES = frozenset({Level.GRASSROOTS, Level.GROUP})
# Levels whose members carry the code of the organisation themselves.
_COLUMNS = {
    Level.CITY: "city_code",
    Level.DISTRICT: "district_code",
    Level.INDUSTRY: "district_code",
    Level.STREET: "street_code",
}

# A condition nobody fails; an empty one would be lost beside others.
EVERYONE = Q(pk__isnull=False)


def visible_to(actor: Actor, queryset: QuerySet[Member]) -> QuerySet[Member]:
    """Keep the members an officer may list: those of the unions in her reach."""
    if actor.is_system:
        return queryset
    condition = Q(pk__in=[])
    for part in parts_of(actor):
        condition |= part
    return queryset.filter(condition)


def parts_of(actor: Actor) -> list[Q]:
    """Split the reach of an officer with several posts into parts, each read by an index of its own.

    Asked for all at once, a database sorts everybody in them.
    """
    return [_within(post) for post in posts_apart(actor.with_ability(Ability.MEMBER_VIEW))]


def posts_apart(posts: Iterable[HeldPost]) -> list[HeldPost]:
    """Leave out the posts whose reach lies within another one's."""
    kept: list[HeldPost] = []
    for post in sorted(posts, key=lambda post: (len(post.path), post.reach is Reach.HERE)):
        if not any(one.covers(post.path) for one in kept):
            kept.append(post)
    return kept


def is_self(actor: Actor, member: Member) -> bool:
    """Say whether the actor is the member."""
    return actor.account_id is not None and member.account_id == actor.account_id


def may_view(actor: Actor, member: Member) -> bool:
    """Say whether an officer may see a member: the condition of the list, asked of one."""
    return visible_to(actor, Member.objects.filter(pk=member.pk)).exists()


def may_open(actor: Actor, member: Member) -> bool:
    """Open sealed fields for a stated purpose: those who serve the member."""
    return is_self(actor, member) or actor.can(Ability.MEMBER_HELP, member.organisation.path)


def may_create(actor: Actor, path: str) -> bool:
    """Put somebody onto the roll of the union at `path`."""
    return actor.can(Ability.MEMBER_IMPORT, path) or actor.can(Ability.MEMBER_HELP, path)


def may_update(actor: Actor, member: Member) -> bool:
    """Correct the roll entry: an officer in reach, never one's own."""
    return not is_self(actor, member) and actor.can(Ability.MEMBER_HELP, member.organisation.path)


def may_change(actor: Actor, member: Member) -> bool:
    """Retain, restore or end a membership: an officer in reach, never one's own."""
    return not is_self(actor, member) and may_create(actor, member.organisation.path)


def may_carry(actor: Actor, member: Member) -> bool:
    """Carry a membership over to another union: an officer who serves hers and others beside it."""
    if not may_change(actor, member) or member.state not in HELD:
        return False
    posts = [*actor.with_ability(Ability.MEMBER_HELP), *actor.with_ability(Ability.MEMBER_IMPORT)]
    own = member.organisation.path
    return any(
        post.path != own or (post.reach is Reach.BELOW and Level(post.level) not in _LEAVES)
        for post in posts
    )


def may_revoke(actor: Actor, member: Member) -> bool:
    """Revoke a card for a member who stands before one and cannot do it herself."""
    return not is_self(actor, member) and may_open(actor, member)


def may_compare(actor: Actor, first: Member, second: Member) -> bool:
    """Judge whether two entries are one person: an officer whose reach covers both, of neither one."""
    return may_update(actor, first) and may_update(actor, second)


def both_in_reach(actor: Actor) -> Q:
    """Return the condition "an officer serves both people of a pair, and is neither of them"."""
    both = [
        reach_q(actor, Ability.MEMBER_HELP, prefix=f"{side}__organisation")
        & ~Q(**{f"{side}__account_id": actor.account_id}, **{f"{side}__account__isnull": False})
        for side in ("first", "second")
    ]
    return both[0] & both[1]


def may_record(actor: Actor, member: Member) -> bool:
    """Write down a fact: oneself, and officers who serve the member."""
    return may_open(actor, member)


def subject_of(member: Member) -> uuid.UUID:
    """Name the person in the audit trail: by account, before she has one by her roll entry."""
    return member.account_id or member.pk


def _within(post: HeldPost) -> Q:
    if post.reach is Reach.HERE:
        return Q(organisation_id=post.organisation_id)
    column = _COLUMNS.get(Level(post.level))
    if column and post.organisation_code and not post.is_in_motion:
        return Q(**{column: post.organisation_code})
    return _everyone_or_below(post.path)


def _everyone_or_below(path: str) -> Q:
    """Ask for no union at all where the whole tree lies below: everybody is read by one index.

    One query, for national and provincial posts alone; should a tree have two roots, each sees its own.
    """
    is_whole = (
        len(paths_above(path)) == 1
        and not Organisation.objects.exclude(below_q(path, prefix="")).exists()
    )
    return EVERYONE if is_whole else below_q(path)


def may_import(actor: Actor, path: str) -> bool:
    """Read a roll into the union at `path`."""
    return actor.can(Ability.MEMBER_IMPORT, path)


def may_import_below(actor: Actor, path: str) -> bool:
    """Read it into the unions below that one as well: whose post reaches below."""
    posts = actor.with_ability(Ability.MEMBER_IMPORT)
    return actor.is_system or any(post.reach is Reach.BELOW and post.covers(path) for post in posts)


def may_follow(actor: Actor, run: ImportRun) -> bool:
    """Start, stop, see a reading of a roll, and settle what it found: whoever may read it in whole."""
    may = may_import_below if run.takes_below else may_import
    return may(actor, run.organisation.path)


def runs_in_reach(actor: Actor) -> Q:
    """Return the condition "the actor may read this roll in whole"."""
    if actor.is_system:
        return Q()
    condition = Q(pk__in=[])
    for post in actor.with_ability(Ability.MEMBER_IMPORT):
        is_below = post.reach is Reach.BELOW
        own = Q(organisation_id=post.organisation_id, takes_below=False)
        condition |= below_q(post.path) if is_below else own
    return condition


def at_and_below(organisation: Organisation) -> Q:
    """Return the condition "a member of this union or of one below it", by the one index it needs."""
    column = _COLUMNS.get(Level(organisation.level))
    if column and not organisation.is_in_motion:
        return Q(**{column: organisation.code})
    if organisation.numchild or organisation.is_in_motion:
        return _everyone_or_below(organisation.path)
    return Q(organisation_id=organisation.pk)


def may_export(actor: Actor, path: str) -> bool:
    """Take a list of the members at and below `path` out: who serves them."""
    return actor.can(Ability.MEMBER_HELP, path) and actor.can(Ability.MEMBER_VIEW, path)


def may_export_numbers(actor: Actor, path: str) -> bool:
    """Have the identity number of a member of the union at `path` unmasked in it: who answers for that roll."""
    return actor.can(Ability.MEMBER_IMPORT, path)
