"""Where a client wants word of changes: added, given a new secret, switched on again, ended."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.audit import api as audit
from lianxin.gateway import conf
from lianxin.gateway.models import Client, Subscription
from lianxin.gateway.rules import webhooks
from lianxin.gateway.rules.access import ClientState
from lianxin.gateway.rules.webhooks import DeliveryState, Topic
from lianxin.gateway.services.sending import pump_order
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor
from lianxin.vault import api as vault

_URL_FAULTS = {
    "https": gettext_lazy("The address must begin with https://."),
    "form": gettext_lazy("This is not an address a message can be sent to."),
}


def subscription_add(
    *, actor: Actor, client: Client, url: str, topics: Collection[Topic]
) -> tuple[Subscription, str]:
    """Add a receiver; return it with its signing secret, which is shown this once.

    Raises:
        ForbiddenError: not the operator.
        RefusedError: the client ended, no topic was chosen, or the address will not do.
    """
    _operator_only(actor)
    fault = webhooks.url_fault(url, plain_allowed=conf.plain_webhooks_allowed())
    if fault:
        raise RefusedError(str(_URL_FAULTS[fault]), field="url")
    if client.state != ClientState.ACTIVE or not topics:
        raise RefusedError(_("Choose an active client and at least one topic."))
    secret = webhooks.new_secret()
    with atomic():
        row = Subscription.objects.create(
            client=client, url=url, topics=sorted(topic.value for topic in topics), secret=secret
        )
        _note(row, "gateway.subscription_added", {"topics": row.topics})
    return row, secret


def subscription_rotate(*, actor: Actor, subscription_id: uuid.UUID, overlap: dt.timedelta) -> str:
    """Give a receiver a new secret; until the overlap ends messages carry both signatures."""
    _operator_only(actor)
    secret = webhooks.new_secret()
    with atomic():
        row = _locked(subscription_id)
        # For the machine: what the receiver holds already is sealed again in its new place.
        row.previous_secret = vault.reveal(row, "secret")
        row.previous_until = clock.now() + overlap
        row.secret = secret
        row.save(update_fields=["secret", "previous_secret", "previous_until"])
        _note(row, "gateway.subscription_rotated", {})
    return secret


def subscription_resume(*, actor: Actor, subscription_id: uuid.UUID) -> None:
    """Switch a receiver on again; what it missed is sent now."""
    _operator_only(actor)
    with atomic():
        row = _locked(subscription_id)
        row.is_active, row.failures = True, 0
        row.failing_since = row.paused_until = None
        row.save(update_fields=["is_active", "failures", "failing_since", "paused_until"])
        row.deliveries.exclude(state=DeliveryState.DONE).update(
            state=DeliveryState.WAITING, next_at=clock.now(), done_at=None
        )
        _note(row, "gateway.subscription_resumed", {})
        pump_order(row.pk)


def subscription_end(*, actor: Actor, subscription_id: uuid.UUID) -> None:
    """End a receiver; what waits is not sent. Again changes nothing."""
    _operator_only(actor)
    with atomic():
        row = Subscription.objects.select_for_update().get(pk=subscription_id)
        if row.ended_at is not None:
            return
        row.is_active, row.ended_at = False, clock.now()
        row.save(update_fields=["is_active", "ended_at"])
        _note(row, "gateway.subscription_ended", {})


def _operator_only(actor: Actor) -> None:
    if not actor.is_system:
        raise ForbiddenError(_("Clients are managed by the operator, at the machine."))


def _locked(subscription_id: uuid.UUID) -> Subscription:
    row = Subscription.objects.select_for_update().get(pk=subscription_id)
    if row.ended_at is not None:
        raise RefusedError(_("This subscription has ended. Add a new one."))
    return row


def _note(row: Subscription, action: str, detail: dict[str, object]) -> None:
    audit.record(
        actor_id=None, action=action, kind="gateway.Subscription", object_id=row.pk,
        detail={"client": str(row.client_id), **detail},
    )  # fmt: skip
