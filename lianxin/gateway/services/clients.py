"""Making a client, giving it a second secret, ending it: all written down.

The operator does it at once, by command; at the desk it is asked for (`asking.py`).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.gateway import conf, policies
from lianxin.gateway.models import Client, ClientRequest, ClientSecret
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
    with atomic():
        client = client_put(
            name=name, organisation=organisation, reach=reach, scopes=scopes,
            expires_on=expires_on, calls_a_minute=calls_a_minute,
        )  # fmt: skip
        secret = secret_add(client)
        note(
            client, "gateway.client_created",
            detail={"scopes": client.scopes, "reach": client.reach},
        )  # fmt: skip
    return client, secret


def client_put(
    *,
    name: str,
    organisation: Organisation,
    reach: Reach,
    scopes: Collection[Scope],
    expires_on: dt.date | None,
    calls_a_minute: int | None = None,
    state: ClientState = ClientState.ACTIVE,
) -> Client:
    """Write the row of a client. Inside `atomic`.

    Raises:
        RefusedError: a client that may call, or waits for its secret, has this name; or no scope.
    """
    if not scopes:
        raise RefusedError(_("A client needs at least one scope."), field="scopes")
    try:
        with transaction.atomic():
            return Client.objects.create(
                name=name,
                organisation=organisation,
                reach=reach,
                scopes=sorted(scope.value for scope in scopes),
                state=state,
                expires_on=expires_on,
                calls_a_minute=calls_a_minute or conf.calls_a_minute(),
            )
    except IntegrityError:
        raise RefusedError(
            _("There is an active client of this name already."), field="name"
        ) from None


def client_rotate(*, actor: Actor, client_id: uuid.UUID, overlap: dt.timedelta) -> str:
    """Give a client a new secret; the one before holds until the overlap ends.

    Raises:
        ForbiddenError: not the operator.
        RefusedError: the client ended, or two secrets hold already.
    """
    _operator_only(actor)
    with atomic():
        client = client_locked(client_id)
        secret = secret_renew(client, overlap=overlap)
        hours = int(overlap.total_seconds() // 3600)
        note(client, "gateway.client_rotated", detail={"hours": hours})
    return secret


def secret_renew(client: Client, *, overlap: dt.timedelta) -> str:
    """Add a secret; the one before holds until the overlap ends. Inside `atomic`, the client locked.

    Raises:
        RefusedError: two secrets hold already.
    """
    now = clock.now()
    if overlap:
        client.secrets.filter(expires_at__lte=now).delete()
    else:  # one that leaked: neither it nor what was had by it holds any more
        client.secrets.all().delete()
        client.tokens.filter(revoked_at=None).update(revoked_at=now)
    if client.secrets.count() >= MOST_SECRETS:
        raise RefusedError(_("Two secrets hold already. Wait until the older one lapses."))
    client.secrets.filter(expires_at=None).update(expires_at=now + overlap)
    return secret_add(client)


def client_end(*, actor: Actor, client_id: uuid.UUID) -> None:
    """End a client at once: its secrets, tokens and subscriptions; again changes nothing."""
    now = clock.now()
    with atomic():
        rows = Client.objects.select_for_update(of=("self",)).select_related("organisation")
        client = rows.get(pk=client_id)
        if not policies.may_manage(actor, client.organisation):
            raise ForbiddenError(_("Its own security administrator, or the operator, ends it."))
        if client.state == ClientState.ENDED:
            return
        client.state, client.ended_at = ClientState.ENDED, now
        client.save(update_fields=["state", "ended_at"])
        client.secrets.all().delete()
        client.tokens.filter(revoked_at=None).update(revoked_at=now)
        client.subscriptions.filter(ended_at=None).update(is_active=False, ended_at=now)
        running = [ClientRequest.State.OPEN, ClientRequest.State.CONFIRMED]
        client.requests.filter(state__in=running).update(
            state=ClientRequest.State.LAPSED, settled_at=now
        )
        note(client, "gateway.client_ended", actor=actor)


def _operator_only(actor: Actor) -> None:
    if not actor.is_system:
        raise ForbiddenError(_("At once it is done by the operator alone, at the machine."))


def client_locked(client_id: uuid.UUID) -> Client:
    """Lock a client that may call; inside `atomic`. Raises RefusedError if it may not."""
    rows = Client.objects.select_for_update(of=("self",)).select_related("organisation")
    client = rows.get(pk=client_id)
    if client.state != ClientState.ACTIVE:
        raise RefusedError(_("This client has ended. Make a new one."))
    return client


def secret_add(client: Client) -> str:
    """Give a client a secret and return it; the table keeps what proves it, never itself."""
    secret = new_secret()
    ClientSecret.objects.create(
        client=client,
        mark=vault.blind_index(secret, purpose=SECRET_PURPOSE),
        digest=make_password(secret),
    )
    return secret


def note(
    client: Client,
    action: str,
    *,
    actor: Actor | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Write down what was done to a client, and by whom if it was at the desk."""
    audit.record(
        actor_id=actor.account_id if actor else None, action=action, kind="gateway.Client",
        object_id=client.pk, detail=detail or {},
    )  # fmt: skip
