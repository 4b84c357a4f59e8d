"""The only place that turns posts into rows one may see, and says who may change the tree."""

from __future__ import annotations

import uuid

from django.db.models import Q

from lianxin.orgs.models import Organisation
from lianxin.orgs.rules import Ability, Actor, Reach

# Greater than every character of a path (0-9A-Z) in the byte order both databases compare it in.
PAST_ALL = "~"


def reach_q(actor: Actor, ability: Ability, *, prefix: str = "organisation") -> Q:
    """Return the condition "the organisation at `prefix` lies in the actor's reach for `ability`".

    "Below" is a range, not a LIKE: SQLite reads no index for LIKE, PostgreSQL only under "C".
    """
    if actor.is_system:
        return Q()
    condition = Q(pk__in=[])
    lead = f"{prefix}__" if prefix else ""
    for post in actor.with_ability(ability):
        if post.reach is Reach.BELOW:
            condition |= below_q(post.path, prefix=prefix)
        else:
            condition |= Q(**{f"{lead}path": post.path})
    return condition


def below_q(path: str, *, prefix: str = "organisation") -> Q:
    """Return the condition "the organisation at `prefix` is the one at `path` or lies below it"."""
    lead = f"{prefix}__" if prefix else ""
    return Q(**{f"{lead}path__gte": path, f"{lead}path__lt": path + PAST_ALL})


def may_found(actor: Actor, parent: Organisation | None) -> bool:
    """The system founds the root; below it, whoever may import members there."""
    if parent is None:
        return actor.is_system
    return actor.can(Ability.MEMBER_IMPORT, parent.path)


def may_grant(actor: Actor, organisation: Organisation, account_id: uuid.UUID | None) -> bool:
    """A chair or a security administrator gives posts in her reach, never to herself."""
    if account_id is not None and account_id == actor.account_id:
        return False
    return actor.can(Ability.POST_GRANT, organisation.path)
