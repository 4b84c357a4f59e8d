"""The only place that turns posts into rows one may see."""

from __future__ import annotations

from django.db.models import Q

from lianxin.orgs.rules import Ability, Actor, Reach


def reach_q(actor: Actor, ability: Ability, *, prefix: str = "organisation") -> Q:
    """Return the condition "the organisation at `prefix` lies in the actor's reach for `ability`"."""
    if actor.is_system:
        return Q()
    condition = Q(pk__in=[])
    lead = f"{prefix}__" if prefix else ""
    for post in actor.with_ability(ability):
        key = "path__startswith" if post.reach is Reach.BELOW else "path"
        condition |= Q(**{f"{lead}{key}": post.path})
    return condition
