"""Who sees the clients at the desk, and what of the tree a client sees."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db.models import Q, QuerySet

from lianxin.gateway.models import Client, ClientRequest, JoinPush
from lianxin.gateway.rules.access import ClientState
from lianxin.kit import clock
from lianxin.orgs.api import Ability, Actor, Organisation, Reach, below_q, reach_q


def visible_to(actor: Actor) -> QuerySet[Client]:
    """A security administrator sees the clients that act for organisations in her reach."""
    return Client.objects.filter(reach_q(actor, Ability.CLIENT_VIEW))


def may_manage(actor: Actor, organisation: Organisation) -> bool:
    """Make, rotate and end clients of an organisation: the operator by command, its security administrator."""
    return actor.is_system or actor.can(Ability.CLIENT_MANAGE, organisation.path)


def may_make(actor: Actor) -> bool:
    """Make clients of some organisation at all."""
    return bool(actor.with_ability(Ability.CLIENT_MANAGE))


def may_agree(actor: Actor, request: ClientRequest) -> bool:
    """Say yes to another's request: never to one's own."""
    is_second = actor.account_id is not None and actor.account_id != request.asked_by_id
    return is_second and may_manage(actor, request.client.organisation)


def may_draw(actor: Actor, request: ClientRequest) -> bool:
    """Have the secret shown: the one who asked, nobody else."""
    is_hers = actor.account_id is not None and actor.account_id == request.asked_by_id
    return is_hers and may_manage(actor, request.client.organisation)


def in_force(*, lead: str = "") -> Q:
    """Return the condition "the client at `lead` neither ended nor ran out"."""
    lasts = Q(**{f"{lead}expires_on": None}) | Q(**{f"{lead}expires_on__gte": clock.today()})
    return lasts & Q(**{f"{lead}state": ClientState.ACTIVE})


def organisations_of(client: Client) -> QuerySet[Organisation]:
    """A client sees the organisation it acts for, and those below if its reach says so."""
    found: QuerySet[Organisation] = Organisation.objects.filter(reach_of(client, prefix=""))
    return found


def reach_of(client: Client, *, prefix: str = "organisation") -> Q:
    """Return the condition "the organisation at `prefix` lies in the client's reach"."""
    if client.reach == Reach.BELOW:
        return below_q(client.organisation.path, prefix=prefix)
    lead = f"{prefix}__" if prefix else ""
    return Q(**{f"{lead}path": client.organisation.path})


def pushes_of(client: Client) -> QuerySet[JoinPush]:
    """A client sees what it handed in itself, nobody else's."""
    return JoinPush.objects.filter(client=client)


def may_see(client: Client, organisation: Organisation) -> bool:
    """Say of one organisation what `organisations_of` says of all."""
    own = client.organisation.path
    is_below = client.reach == Reach.BELOW and organisation.path.startswith(own)
    return bool(organisation.path == own or is_below)


def saw_below(client: Client, unions: Collection[uuid.UUID]) -> bool:
    """Say whether a client saw what stood below these unions."""
    return client.reach == Reach.BELOW and client.organisation_id in unions
