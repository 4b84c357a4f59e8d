"""Who opens pools, who claims, who sees and decides a claim."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lianxin.allocation.models import Claim, Gate, Pool
from lianxin.orgs.api import Ability, Actor, Organisation, reach_q


def may_open(actor: Actor, organisation: Organisation) -> bool:
    """Whoever arranges activities and places for an organisation."""
    return actor.can(Ability.PLACES_MANAGE, organisation.path)


def may_manage(actor: Actor, pool: Pool) -> bool:
    """Whoever arranges places for the organisation the pool is of."""
    return may_open(actor, pool.organisation)


def pools_visible_to(actor: Actor, pools: QuerySet[Pool]) -> QuerySet[Pool]:
    """Keep the pools in the reach of whoever arranges places."""
    return pools.filter(reach_q(actor, Ability.PLACES_MANAGE))


def visible_to(actor: Actor, claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """One's own, and those of the pools one arranges."""
    own = Q(account_id=actor.account_id) if actor.account_id else Q(pk__in=[])
    return claims.filter(own | reach_q(actor, Ability.PLACES_MANAGE, prefix="pool__organisation"))


def may_view(actor: Actor, claim: Claim) -> bool:
    """The condition of the list, asked of one."""
    return visible_to(actor, Claim.objects.all()).filter(pk=claim.pk).exists()


def may_decide(actor: Actor, claim: Claim) -> bool:
    """Her own claim, or one in a pool one arranges: a person at the telephone gives hers back too."""
    if actor.is_system or (actor.account_id is not None and claim.account_id == actor.account_id):
        return True
    return may_manage(actor, claim.pool)


def may_claim_for(actor: Actor, pool: Pool) -> bool:
    """Sign somebody else up who asks for it in person: whoever arranges the pool."""
    return may_manage(actor, pool)


def may_scan(actor: Actor, gate: Gate) -> bool:
    """Whoever opened the gate, or arranges the pool."""
    is_own = actor.account_id is not None and gate.opened_by_id == actor.account_id
    return is_own or may_manage(actor, gate.pool)
