"""Who calls: a token, how often, and for what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext as _

from lianxin.gateway import services
from lianxin.gateway.constants import SCOPES
from lianxin.gateway.models import Client
from lianxin.gateway.rest.problems import ProblemError, unauthorised
from lianxin.gateway.rules.access import Scope


@dataclass(frozen=True, slots=True)
class Caller:
    """The client behind a call."""

    client: Client
    scopes: frozenset[str]


class Call(HttpRequest):
    """The request as an operation sees it, once the guard has let it in."""

    auth: Caller


class OAuth2:
    """Lets a call in that shows a token with the scope its operation wants."""

    openapi_security_schema: ClassVar = {
        "type": "oauth2",
        "flows": {
            "clientCredentials": {
                "tokenUrl": "/api/v1/oauth/token",
                "scopes": SCOPES,
            }
        },
    }

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Caller:
        """Raises ProblemError: no token, too many calls, or not this scope."""
        kind, _space, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise unauthorised("no-token", _("Show an access token: Authorization: Bearer …"))
        found = services.token_client(token.strip())
        if found is None:
            raise unauthorised(
                "invalid-token", _("This token is not known, has expired, or was revoked.")
            )
        client, scopes = found
        calls_counted(client)
        if self.scope not in scopes:
            said = f'Bearer realm="lianxin", error="insufficient_scope", scope="{self.scope}"'
            raise ProblemError(
                403,
                "insufficient-scope",
                _("This token lacks the scope %(scope)s.") % {"scope": self.scope},
                headers={"WWW-Authenticate": said},
            )
        return Caller(client, scopes)


def calls_counted(client: Client) -> None:
    """Count a call of this client. Raises ProblemError if there were too many this minute."""
    wait = services.call_count(client)
    if wait:
        raise ProblemError(
            429,
            "too-many-calls",
            _(
                "You called more than %(most)d times within a minute. Come again in %(wait)d seconds."
            )
            % {"most": client.calls_a_minute, "wait": wait},
            headers={"Retry-After": str(wait)},
        )
