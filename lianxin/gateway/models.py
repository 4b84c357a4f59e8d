"""Clients and their tokens, what they pushed, and the word they are sent."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from lianxin.gateway.rules.access import ClientState
from lianxin.gateway.rules.webhooks import DeliveryState
from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.orgs.api import Reach
from lianxin.vault.api import IndexField, SealedField


def _uuid_key() -> models.UUIDField[uuid.UUID, uuid.UUID]:
    return models.UUIDField(primary_key=True, default=new_id, editable=False)


class Client(models.Model):
    """Another system that may call (接入系统): for which organisation it acts, and what it may do."""

    id = _uuid_key()
    name = models.CharField(max_length=80)
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    reach = models.CharField(
        max_length=16,
        choices=[(reach.value, reach.value) for reach in Reach],
        default=Reach.BELOW.value,
    )
    scopes: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    state = models.CharField(
        max_length=8,
        choices=[(state.value, state.value) for state in ClientState],
        default=ClientState.ACTIVE.value,
    )
    calls_a_minute = models.PositiveIntegerField(default=120)
    expires_on = models.DateField(null=True, blank=True, help_text="the last day it may call")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    used_at = models.DateTimeField(null=True, blank=True, help_text="when it last got a token")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(state__in=[ClientState.WAITING.value, ClientState.ACTIVE.value]),
                name="gateway_one_live_client_a_name",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ClientSecret(models.Model):
    """One secret of a client: found by a keyed digest, proved by a slow hash; never kept itself."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="secrets")
    mark = models.CharField(max_length=96, unique=True)
    digest = models.CharField(max_length=128)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.client_id}"


class ClientRequest(models.Model):
    """A secret asked for at the desk (密钥申请): for a new client, or instead of one it has.

    Where its scopes reach persons, a second administrator says yes first. The one who asked draws
    the secret, once.
    """

    class Kind(models.TextChoices):
        CREATE = "create"
        ROTATE = "rotate"

    class State(models.TextChoices):
        OPEN = "open"
        CONFIRMED = "confirmed"
        DRAWN = "drawn"
        REFUSED = "refused"
        LAPSED = "lapsed"

    id = _uuid_key()
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="requests")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    overlap_hours = models.PositiveSmallIntegerField(
        default=0, help_text="how long the secret before still holds"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="the second person; empty where none is needed",
    )  # fmt: skip
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client"],
                condition=models.Q(state__in=["open", "confirmed"]),
                name="gateway_one_running_request",
            )
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.kind} {self.state}"


class AccessToken(models.Model):
    """Proof of a few minutes that a client is who it says (访问令牌): only its digest is kept."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    scopes: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.client_id} {self.expires_at}"


class CallTally(models.Model):
    """How often a client called in the running minute, across all web processes."""

    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="tally")
    minute = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.client_id} {self.count}"


class JoinPush(models.Model):
    """An application to join that another system handed in (代交的入会申请), and the proof of consent.

    What was said of the person lies in the case alone. The key makes it arrive once, however often
    it is sent.
    """

    id = _uuid_key()
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="pushes")
    key = models.CharField(max_length=64)
    request_mark = IndexField(purposes=("rest_request",), help_text="keyed digest of what was sent")
    reference = models.CharField(
        max_length=64, blank=True, default="", help_text="the client's own"
    )
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    applicant = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    dossier = models.OneToOneField(
        "procedures.Dossier", on_delete=models.PROTECT, null=True, related_name="+",
        help_text="empty where she is a member already: she was told, the client learns nothing",
    )  # fmt: skip
    consents: models.JSONField[list[dict[str, str]], list[dict[str, str]]] = models.JSONField(
        default=list, help_text="purpose, when given, reference to the evidence"
    )
    told_status = models.CharField(max_length=24, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "key"], name="gateway_one_push_a_key")
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.key}"


class Subscription(models.Model):
    """Where a client wants word of changes (订阅), and how its receiver fares."""

    id = _uuid_key()
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="subscriptions")
    url = models.CharField(max_length=500)
    topics: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    secret = SealedField()
    previous_secret = SealedField()
    previous_until = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    failing_since = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True)
    busy_until = models.DateTimeField(null=True, blank=True, help_text="somebody is sending now")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.client_id} {self.url}"


class Delivery(models.Model):
    """One message to one receiver (推送记录): ids and codes, never words about a person."""

    id = _uuid_key()
    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="deliveries"
    )
    topic = models.CharField(max_length=48)
    source = models.CharField(max_length=96, help_text="what it tells of: once a subscription")
    body = models.TextField()
    state = models.CharField(
        max_length=8,
        choices=[(state.value, state.value) for state in DeliveryState],
        default=DeliveryState.WAITING.value,
    )
    tries = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(default=clock.now)
    last_answer = models.CharField(
        max_length=32, blank=True, default="", help_text="status or fault"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subscription", "source"], name="gateway_one_delivery_a_source"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["subscription", "next_at", "id"],
                condition=models.Q(state=DeliveryState.WAITING.value),
                name="gateway_waiting",
            ),
            models.Index(fields=["created_at"], name="gateway_delivery_age"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.state}"
