"""The only place that says who sees a partner and who changes it."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet

from lianxin.orgs.api import Ability, Actor, Organisation, reach_q
from lianxin.partners.models import Partner


def visible_to(actor: Actor, partners: QuerySet[Partner]) -> QuerySet[Partner]:
    """Keep the partners of the unions in an officer's reach."""
    return partners.filter(reach_q(actor, Ability.PARTNER_MANAGE))


def spoken_for_by(account_id: uuid.UUID | None) -> Q:
    """Return the condition "the account is a contact of this partner today"."""
    if account_id is None:
        return Q(pk__in=[])
    return Q(state=Partner.State.IN_FORCE, contacts__account_id=account_id, contacts__ended_on=None)


def may_manage(actor: Actor, organisation: Organisation) -> bool:
    """Add and change partners: officers of the union that looks after them, or above it."""
    return actor.can(Ability.PARTNER_MANAGE, organisation.path)


def may_name_contact(actor: Actor, partner: Partner, account_id: uuid.UUID) -> bool:
    """Name who speaks for a partner: those who manage it, never themselves."""
    return account_id != actor.account_id and may_manage(actor, partner.organisation)


def may_correct(actor: Actor, partner: Partner) -> bool:
    """Put telephone and address right: those who manage it, and its own contacts."""
    if may_manage(actor, partner.organisation):
        return True
    own = Partner.objects.filter(spoken_for_by(actor.account_id))
    return own.filter(pk=partner.pk).exists()
