"""OAuth 2.0 for machines: a client shows its secret and gets a token (RFC 6749, 4.4), or ends one (RFC 7009)."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Router

from lianxin.gateway import services
from lianxin.gateway.models import Client
from lianxin.gateway.rest import shapes
from lianxin.gateway.rest.guard import calls_counted
from lianxin.gateway.rules import access

router = Router(tags=["oauth"])
_STRING = {"type": "string"}
_CREDENTIALS = {"client_id": _STRING, "client_secret": _STRING}
BASIC = {"type": "http", "scheme": "basic"}


class _FaultError(Exception):
    """What RFC 6749, section 5.2, has a code for."""

    def __init__(self, code: str, words: str = "", status: int = 400) -> None:
        super().__init__(code)
        self.said = {"error": code, "error_description": words}
        self.status = status


def _form(required: list[str], **properties: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": {**properties, **_CREDENTIALS}, "required": required}
    content = {"application/x-www-form-urlencoded": {"schema": schema}}
    return {
        "requestBody": {"content": content, "required": True},
        "security": [{"ClientBasic": []}, {}],
    }


_ANSWERS = {
    400: shapes.OAuthFault, 401: shapes.OAuthFault, 413: shapes.Problem, 415: shapes.Problem,
    429: shapes.Problem, 500: shapes.Problem,
}  # fmt: skip


@router.post(
    "/token",
    operation_id="token",
    summary=_("Get an access token"),
    description=_("The client shows its secret, by HTTP Basic or in the body. The token holds ten minutes."),
    response={200: shapes.Token, **_ANSWERS},
    openapi_extra=_form(
        ["grant_type"],
        grant_type={"type": "string", "enum": ["client_credentials"]},
        scope={"type": "string", "description": _("Separated by spaces; left out: all the client has")},
    ),
)  # fmt: skip
def token(request: HttpRequest) -> HttpResponse:
    """Answer with a token, or with the fault."""
    return _answered(request, _issued)


@router.post(
    "/revoke",
    operation_id="revoke",
    summary=_("End an access token"),
    description=_("A token of the client's own ends at once; for any other the answer is the same."),
    response={200: dict[str, str], **_ANSWERS},
    openapi_extra=_form(["token"], token={**_STRING, "minLength": 1}, token_type_hint=_STRING),
)  # fmt: skip
def revoke(request: HttpRequest) -> HttpResponse:
    """End a token; whose it was is told to nobody."""
    return _answered(request, _revoked)


def _answered(request: HttpRequest, act: Any) -> HttpResponse:
    try:
        said, status = act(request), 200
    except _FaultError as fault:
        said, status = fault.said, fault.status
    answer = HttpResponse(json.dumps(said), status=status, content_type="application/json")
    answer["Cache-Control"] = "no-store"
    if status == 401:
        answer["WWW-Authenticate"] = 'Basic realm="lianxin"'
    return answer


def _issued(request: HttpRequest) -> dict[str, object]:
    grant = _one(request, "grant_type")
    if not grant:
        raise _FaultError("invalid_request", "grant_type is missing.")
    if grant != "client_credentials":
        raise _FaultError("unsupported_grant_type", "Only client_credentials is known here.")
    client = _client(request)
    scopes = access.scopes_granted(_one(request, "scope"), frozenset(client.scopes))
    if scopes is None:
        raise _FaultError("invalid_scope", "The client may not ask for one of these scopes.")
    made = access.new_token()
    services.token_issue(client=client, scopes=scopes, token=made)
    return {
        "access_token": made,
        "token_type": "Bearer",
        "expires_in": access.TOKEN_SECONDS,
        "scope": " ".join(sorted(scopes)),
    }


def _revoked(request: HttpRequest) -> dict[str, object]:
    ended = _one(request, "token")
    if not ended:
        raise _FaultError("invalid_request", "token is missing.")
    services.token_revoke(client=_client(request), token=ended)
    return {}


def _client(request: HttpRequest) -> Client:
    basic = _basic(request.headers.get("Authorization", ""))
    body = (_one(request, "client_id"), _one(request, "client_secret"))
    if basic and body[1]:
        raise _FaultError("invalid_request", "Authenticate by header or by body, not by both.")
    client_id, secret = basic or body
    client = services.client_proved(client_id, secret)
    if client is None:
        raise _FaultError("invalid_client", "The client is not known, or its secret is not.", 401)
    calls_counted(client)
    return client


def _basic(header: str) -> tuple[str, str] | None:
    kind, _space, rest = header.partition(" ")
    if not header:
        return None
    try:
        said = base64.b64decode(rest.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        said = ""
    name, colon, secret = said.partition(":")
    if kind.lower() != "basic" or not colon:
        raise _FaultError("invalid_client", "The Authorization header cannot be read.", 401)
    return unquote_plus(name), unquote_plus(secret)


def _one(request: HttpRequest, name: str) -> str:
    """Return a parameter of the body; twice the same one is a fault (RFC 6749, 3.2)."""
    values = request.POST.getlist(name)
    if len(values) > 1:
        raise _FaultError("invalid_request", f"{name} is given more than once.")
    return values[0] if values else ""
