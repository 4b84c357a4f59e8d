"""What the union tree tells, passed on to the clients in whose reach it happened.

Judged by the reach as it stands when word is passed on. What lies outside is never named: neither the
parent or survivor of a union in reach, nor where one goes that leaves it.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection

from lianxin.gateway import policies
from lianxin.gateway.models import Client
from lianxin.gateway.rules.access import Scope
from lianxin.gateway.rules.webhooks import Crossing, Topic
from lianxin.gateway.services.sending import word_send
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Organisation


def founded_told(*, organisation_id: uuid.UUID) -> None:
    """Tell of a new union whoever may look it up; again tells nothing."""
    _named_told(organisation_id, Topic.ORGANISATION_FOUNDED, f"founded:{organisation_id}")


def renamed_told(*, organisation_id: uuid.UUID, change_id: uuid.UUID) -> None:
    """Tell that a union bears another name; again tells nothing."""
    _named_told(organisation_id, Topic.ORGANISATION_RENAMED, f"renamed:{change_id}")


def moved_told(
    *, organisation_id: uuid.UUID, change_id: uuid.UUID, stood_below: Collection[uuid.UUID]
) -> None:
    """Tell that a union stands below another one: to a client whose reach it left, only that."""
    union = Organisation.objects.get(pk=organisation_id)
    parent = Organisation.objects.filter(path=union.parent_path).first()
    source = f"moved:{change_id}"
    for client in _readers():
        sees = policies.may_see(client, union)
        saw = client.organisation_id == union.pk or policies.saw_below(client, stood_below)
        if sees:
            crossing = Crossing.WITHIN if saw else Crossing.ENTERED
            data = {**_named(union), "reach": crossing.value, "parent": _code(client, parent)}
            _tell([client], Topic.ORGANISATION_MOVED, source, data)
        elif saw:
            data = {"code": union.code, "reach": Crossing.LEFT.value}
            _tell([client], Topic.ORGANISATION_MOVED, source, data)


def closed_told(
    *, organisation_id: uuid.UUID, change_id: uuid.UUID, survivor_id: uuid.UUID | None
) -> None:
    """Tell that a union is no more; into which it was merged, if it was and that lies in reach."""
    union = Organisation.objects.get(pk=organisation_id)
    survivor = Organisation.objects.filter(pk=survivor_id).first() if survivor_id else None
    for client in _readers():
        if policies.may_see(client, union):
            data = {
                **_named(union),
                "is_merged": survivor is not None,
                "merged_into": _code(client, survivor),
            }
            _tell([client], Topic.ORGANISATION_CLOSED, f"closed:{change_id}", data)


def _named_told(organisation_id: uuid.UUID, topic: Topic, source: str) -> None:
    union = Organisation.objects.get(pk=organisation_id)
    seeing = [client for client in _readers() if policies.may_see(client, union)]
    _tell(seeing, topic, source, _named(union))


def _readers() -> list[Client]:
    rows = Client.objects.filter(policies.in_force(), subscriptions__is_active=True)
    found = rows.select_related("organisation").distinct()
    return [client for client in found if Scope.ORGANISATIONS_READ in client.scopes]


def _named(union: Organisation) -> dict[str, object]:
    return {"code": union.code, "level": union.level}


def _code(client: Client, union: Organisation | None) -> str:
    return union.code if union is not None and policies.may_see(client, union) else ""


def _tell(clients: list[Client], topic: Topic, source: str, data: dict[str, object]) -> None:
    with atomic():
        word_send(client_ids=[one.pk for one in clients], topic=topic, source=source, data=data)
