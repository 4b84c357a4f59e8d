"""Making a client, giving it a second secret, ending it: by the operator alone, all written down."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.gateway import conf, policies
from lianxin.gateway.models import Client, ClientSecret
from lianxin.gateway.rules.access import MOST_SECRETS, ClientState, Scope, new_secret
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor, Organisation, Reach
from lianxin.vault import api as vault

SECRET_PURPOSE = "rest_secret"  # noqa: S105  (what the index is for)


def client_create(
    *,
    actor: Actor,
    name: str,
    organisation: Organisation,
    reach: Reach,
    scopes: Collection[Scope],
    expires_on: dt.date | None = None,
    calls_a_minute: int | None = None,
) -> tuple[Client, str]:
    """Make a client; return it with its secret, which is shown this once.

    Raises:
        ForbiddenError: not the operator.
        RefusedError: an active client has this name, or nothing is allowed to it.
    """
    _operator_only(actor)
    if not scopes:
        raise RefusedError(_("A client needs at least one scope."))
    with atomic():
        if Client.objects.filter(name=name, state=ClientState.ACTIVE).exists():
            raise RefusedError(_("There is an active client of this name already."))
        client = Client.objects.create(
            name=name,
            organisation=organisation,
            reach=reach,
            scopes=sorted(scope.value for scope in scopes),
            expires_on=expires_on,
            calls_a_minute=calls_a_minute or conf.calls_a_minute(),
        )
        secret = _secret_add(client)
        _note(client, "gateway.client_created", {"scopes": client.scopes, "reach": client.reach})
    return client, secret


def client_rotate(*, actor: Actor, client_id: uuid.UUID, overlap: dt.timedelta) -> str:
    """Give a client a new secret; the one before holds until the overlap ends.

    Raises:
        ForbiddenError: not the operator.
        RefusedError: the client ended, or two secrets hold already.
    """
    _operator_only(actor)
    now = clock.now()
    with atomic():
        client = _locked(client_id)
        client.secrets.filter(expires_at__lte=now).delete()
        if client.secrets.count() >= MOST_SECRETS:
            raise RefusedError(_("Two secrets hold already. Wait until the older one lapses."))
        client.secrets.filter(expires_at=None).update(expires_at=now + overlap)
        secret = _secret_add(client)
        _note(client, "gateway.client_rotated", {"hours": int(overlap.total_seconds() // 3600)})
    return secret


def client_end(*, actor: Actor, client_id: uuid.UUID) -> None:
    """End a client at once: its secrets, tokens and subscriptions; again changes nothing."""
    _operator_only(actor)
    now = clock.now()
    with atomic():
        client = Client.objects.select_for_update().get(pk=client_id)
        if client.state == ClientState.ENDED:
            return
        client.state, client.ended_at = ClientState.ENDED, now
        client.save(update_fields=["state", "ended_at"])
        client.secrets.all().delete()
        client.tokens.filter(revoked_at=None).update(revoked_at=now)
        client.subscriptions.filter(ended_at=None).update(is_active=False, ended_at=now)
        _note(client, "gateway.client_ended", {})


def _operator_only(actor: Actor) -> None:
    if not policies.may_manage(actor):
        raise ForbiddenError(_("Clients are managed by the operator, at the machine."))


def _locked(client_id: uuid.UUID) -> Client:
    client = Client.objects.select_for_update().get(pk=client_id)
    if client.state != ClientState.ACTIVE:
        raise RefusedError(_("This client has ended. Make a new one."))
    return client


def _secret_add(client: Client) -> str:
    secret = new_secret()
    ClientSecret.objects.create(
        client=client,
        mark=vault.blind_index(secret, purpose=SECRET_PURPOSE),
        digest=make_password(secret),
    )
    return secret


def _note(client: Client, action: str, detail: dict[str, object]) -> None:
    audit.record(
        actor_id=None, action=action, kind="gateway.Client", object_id=client.pk, detail=detail
    )
