"""What the union tree tells, passed on to the clients in whose reach it happened."""

from __future__ import annotations

import uuid

from lianxin.gateway import policies
from lianxin.gateway.models import Client
from lianxin.gateway.rules.access import Scope
from lianxin.gateway.rules.webhooks import Topic
from lianxin.gateway.services.sending import word_send
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Organisation


def founded_told(*, organisation_id: uuid.UUID) -> None:
    """Tell of a new organisation whoever may look it up; again tells nothing."""
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        return
    rows = Client.objects.filter(policies.in_force(), subscriptions__is_active=True)
    hearers = [
        client.pk
        for client in rows.select_related("organisation").distinct()
        if Scope.ORGANISATIONS_READ in client.scopes and policies.may_see(client, organisation)
    ]
    with atomic():
        word_send(
            client_ids=hearers,
            topic=Topic.ORGANISATION_FOUNDED,
            source=f"founded:{organisation.pk}",
            data={"code": organisation.code, "level": organisation.level},
        )
