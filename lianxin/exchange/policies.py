"""The only place that says who offers, who checks, who sees an offer."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from lianxin.exchange.models import Resource
from lianxin.exchange.rules import State
from lianxin.kit import clock
from lianxin.orgs.api import Ability, Actor, reach_q
from lianxin.partners.api import Partner, own_partners


def spoken_for(account_id: uuid.UUID | None) -> list[Partner]:
    """List the partners an account speaks for today. One query."""
    return list(own_partners(account_id))


def may_offer(actor: Actor, partner: Partner) -> bool:
    """Offer something in a partner's name: its contacts alone."""
    return actor.is_system or own_partners(actor.account_id).filter(pk=partner.pk).exists()


def may_check(actor: Actor, resource: Resource) -> bool:
    """Publish, send back: an officer of the union that looks after the partner.

    Never who offered it, nor anybody who speaks for the partner.
    """
    if actor.is_system:
        return True
    if actor.account_id == resource.offered_by_id:
        return False
    if own_partners(actor.account_id).filter(pk=resource.partner_id).exists():
        return False
    return may_end(actor, resource)


def may_judge(actor: Actor, resource: Resource) -> bool:
    """Say yes or no to what a contact wants changed: who may check it, and did not ask for it."""
    wish = resource.wish
    is_own = (
        wish is not None and actor.account_id is not None and actor.account_id == wish.asked_by_id
    )
    return actor.is_system or (not is_own and may_check(actor, resource))


def may_end(actor: Actor, resource: Resource) -> bool:
    """Take an offer down: officers of the union that looks after the partner."""
    return actor.is_system or actor.can(Ability.PARTNER_MANAGE, resource.partner.organisation.path)


def visible_to(actor: Actor, resources: QuerySet[Resource]) -> QuerySet[Resource]:
    """Keep the offers of partners that unions in an officer's reach look after."""
    return resources.filter(reach_q(actor, Ability.PARTNER_MANAGE, prefix="partner__organisation"))


def own_of(account_id: uuid.UUID | None, resources: QuerySet[Resource]) -> QuerySet[Resource]:
    """Keep what the partners offer that an account speaks for."""
    return resources.filter(partner__in=own_partners(account_id).values("pk"))


def seen_near(actor: Actor, resources: QuerySet[Resource]) -> bool:
    """Say whether somebody sees one of these offers before everybody: who offers it, who checks it."""
    return own_of(actor.account_id, resources).exists() or visible_to(actor, resources).exists()


def open_to_all(resources: QuerySet[Resource]) -> QuerySet[Resource]:
    """Keep what is published and not over."""
    return resources.filter(state=State.PUBLISHED, ends_on__gte=clock.today())
