"""Who a caller is: a secret becomes a token of ten minutes, a token becomes its client."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib.auth.hashers import check_password
from django.db.models import F, Q

from lianxin.audit import api as audit
from lianxin.gateway import policies
from lianxin.gateway.models import AccessToken, CallTally, Client, ClientSecret
from lianxin.gateway.rules import access
from lianxin.gateway.services.clients import SECRET_PURPOSE
from lianxin.kit import clock
from lianxin.kit.transactions import atomic
from lianxin.vault import api as vault


def client_proved(client_id: str, secret: str) -> Client | None:
    """Return the client whose secret this is, if both hold today.

    The keyed digest finds the secret, the slow hash proves it. A guess is turned away by the first
    and costs no slow hash, so that nobody can keep the machine busy with guesses.
    """
    try:
        wanted = uuid.UUID(client_id)
    except ValueError:
        return None
    if not access.is_secret(secret):
        return None
    now = clock.now()
    found = (
        ClientSecret.objects.filter(
            policies.in_force(lead="client__"),
            Q(expires_at=None) | Q(expires_at__gt=now),
            mark__in=vault.blind_indexes(secret, purpose=SECRET_PURPOSE),
            client_id=wanted,
        )
        .select_related("client__organisation")
        .first()
    )
    return found.client if found and check_password(secret, found.digest) else None


def token_issue(*, client: Client, scopes: frozenset[str], token: str) -> None:
    """Keep the digest of a token of this client for its ten minutes."""
    now = clock.now()
    with atomic():
        Client.objects.filter(pk=client.pk).update(used_at=now)
        AccessToken.objects.create(
            client=client,
            digest=access.token_digest(token),
            scopes=sorted(scopes),
            expires_at=now + dt.timedelta(seconds=access.TOKEN_SECONDS),
        )
        audit.record(
            actor_id=client.pk, action="gateway.token_issued", kind="gateway.Client",
            object_id=client.pk, detail={"scopes": sorted(scopes)},
        )  # fmt: skip


def token_revoke(*, client: Client, token: str) -> None:
    """End a token of this client's own; any other, or none, changes nothing (RFC 7009)."""
    with atomic():
        ended = client.tokens.filter(digest=access.token_digest(token), revoked_at=None).update(
            revoked_at=clock.now()
        )
        if ended:
            audit.record(
                actor_id=client.pk, action="gateway.token_revoked", kind="gateway.Client",
                object_id=client.pk,
            )  # fmt: skip


def token_client(token: str) -> tuple[Client, frozenset[str]] | None:
    """Return the client of a token that holds now, and the scopes it carries."""
    if not access.is_token(token):
        return None
    now = clock.now()
    found = (
        AccessToken.objects.filter(
            policies.in_force(lead="client__"),
            digest=access.token_digest(token),
            revoked_at=None,
            expires_at__gt=now,
        )
        .select_related("client__organisation")
        .first()
    )
    return (found.client, frozenset(found.scopes)) if found else None


def call_count(client: Client) -> int:
    """Count a call; return the seconds to wait if there were too many this minute, else 0."""
    now = clock.now()
    minute = access.minute_of(now)
    tally = CallTally.objects.filter(client=client)
    with atomic():
        if not tally.filter(minute=minute).update(count=F("count") + 1) and not tally.update(
            minute=minute, count=1
        ):
            CallTally.objects.bulk_create(
                [CallTally(client=client, minute=minute, count=1)], ignore_conflicts=True
            )
        count = tally.values_list("count", flat=True).get()
    return access.retry_after(now) if count > client.calls_a_minute else 0


def tokens_purge() -> None:
    """Throw away tokens that ended a day ago."""
    AccessToken.objects.filter(expires_at__lt=clock.now() - dt.timedelta(days=1)).delete()
