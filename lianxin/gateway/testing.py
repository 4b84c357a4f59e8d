"""Factories for tests: a client with a token, and a receiver of webhooks that really listens."""

from __future__ import annotations

from collections.abc import Collection

from lianxin.gateway import services
from lianxin.gateway.models import Client
from lianxin.gateway.rules.access import Scope, new_token
from lianxin.orgs.api import Actor, Organisation, Reach


def client_make(
    organisation: Organisation,
    *,
    name: str = "就业局系统",
    reach: Reach = Reach.BELOW,
    scopes: Collection[Scope] = tuple(Scope),
    calls_a_minute: int = 100_000,
) -> tuple[Client, str]:
    """Make a client that may do everything, and return it with its secret."""
    return services.client_create(
        actor=Actor.system(),
        name=name,
        organisation=organisation,
        reach=reach,
        scopes=scopes,
        calls_a_minute=calls_a_minute,
    )


def token_make(client: Client, scopes: Collection[Scope] | None = None) -> str:
    """Issue a token of some or all of a client's scopes."""
    made = new_token()
    held = frozenset(client.scopes if scopes is None else [scope.value for scope in scopes])
    services.token_issue(client=client, scopes=held, token=made)
    return made
