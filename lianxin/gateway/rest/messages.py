"""The messages we send, in the types of the document: what each topic tells, and how it is signed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as _
from ninja import Field, Schema
from pydantic import ConfigDict

from lianxin.gateway.rules.access import Scope
from lianxin.gateway.rules.joining import PushStatus
from lianxin.gateway.rules.webhooks import Crossing, Topic
from lianxin.orgs.api import Level

_REF = "#/components/schemas/{model}"
_IN_REACH = _("Code of the union; look it up for all else")


class Told(Schema):
    model_config = ConfigDict(extra="forbid")


class JoinTold(Told):
    id: uuid.UUID
    reference: str = Field(..., description=_("Your own number of the application"))
    status: PushStatus


class UnionTold(Told):
    code: str = Field(..., description=_IN_REACH)
    level: Level


class UnionMovedTold(Told):
    code: str = Field(..., description=_IN_REACH)
    reach: Crossing = Field(
        ..., description=_("within: it was in your reach and is; entered: from now on it is; left: no longer, nor what stands below it, and nothing else is said")
    )  # fmt: skip
    level: Level | None = Field(None, description=_("Missing where it left"))
    parent: str | None = Field(None, description=_("Code of the union above, empty if that lies outside your reach; missing where it left"))  # fmt: skip


class UnionClosedTold(Told):
    code: str = Field(..., description=_IN_REACH)
    level: Level
    is_merged: bool = Field(..., description=_("Whether its members went to another union; else to the level above"))  # fmt: skip
    merged_into: str = Field(..., description=_("Code of that union; empty if it lies outside your reach"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Message:
    """What one topic tells, and whom."""

    summary: str
    about: str
    scope: Scope | None
    shape: type[Told]


MESSAGES: dict[Topic, Message] = {
    Topic.JOIN_UPDATED: Message(
        _("Where an application stands has changed"),
        _("Only of what the client handed in itself."),
        None,
        JoinTold,
    ),
    Topic.ORGANISATION_FOUNDED: Message(
        _("A union was founded"), _("In the client's reach."), Scope.ORGANISATIONS_READ, UnionTold
    ),
    Topic.ORGANISATION_RENAMED: Message(
        _("A union bears another name"),
        _("In the client's reach. The name is read by looking it up."),
        Scope.ORGANISATIONS_READ,
        UnionTold,
    ),
    Topic.ORGANISATION_MOVED: Message(
        _("A union stands below another one"),
        _("With all that stands below it, of which nothing more is said. A client whose reach it leaves hears that it left, not where it went; one whose reach it enters does not hear where it came from."),
        Scope.ORGANISATIONS_READ,
        UnionMovedTold,
    ),
    Topic.ORGANISATION_CLOSED: Message(
        _("A union was closed, or merged into another"),
        _("Once its members have been carried over. Where only the survivor is in the client's reach, nothing is said."),
        Scope.ORGANISATIONS_READ,
        UnionClosedTold,
    ),
}  # fmt: skip
_SIGNED = {
    "webhook-id": "The same for every repeat of a message: take it once",
    "webhook-timestamp": "Seconds since 1970; refuse what is older than five minutes",
    "webhook-signature": "Standard Webhooks: one or more of v1,BASE64, separated by spaces",
}


def webhooks_of(components: dict[str, Any]) -> dict[str, Any]:
    """Write the section `webhooks` of the document; shapes it shares go into the components."""
    return {topic.value: {"post": _post(topic, one, components)} for topic, one in MESSAGES.items()}


def _post(topic: Topic, message: Message, components: dict[str, Any]) -> dict[str, Any]:
    shape = message.shape.model_json_schema(ref_template=_REF)
    for name, shared in shape.pop("$defs", {}).items():
        components["schemas"].setdefault(name, shared)
    components["schemas"][message.shape.__name__] = shape
    said = {
        "type": {"const": topic.value},
        "timestamp": {"type": "string", "format": "date-time"},
        "data": {"$ref": _REF.format(model=message.shape.__name__)},
    }
    body = {"type": "object", "properties": said, "required": list(said)}
    return {
        "operationId": topic.value.replace(".", "_").replace("-", "_"),
        "summary": message.summary,
        "description": message.about,
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": {"type": "string"}, "description": about}
            for name, about in _SIGNED.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "2XX": {"description": "Taken"},
            "410": {"description": "Never again: the subscription is switched off"},
            "default": {"description": "Not taken: it comes again under the same id"},
        },
    }  # fmt: skip
