"""The OpenAPI document: what ninja writes, with what it cannot know: scopes, problems, headers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as in_words
from django.utils.translation import gettext_noop
from ninja import NinjaAPI

from lianxin.gateway.rest.guard import OAuth2
from lianxin.gateway.rest.messages import MESSAGES, webhooks_of
from lianxin.gateway.rest.problems import CONTENT_TYPE
from lianxin.gateway.rest.tokens import BASIC

ROOT = "/api/v1/"
_ABOUT = gettext_noop(
    "For other systems of the federation. Get a token with your client's secret, then call. Every "
    "problem is RFC 9457 problem details with a sentence."
)
_HEADERS: dict[str, dict[str, Any]] = {
    "401": {"WWW-Authenticate": {"schema": {"type": "string"}}},
    "429": {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds"}},
}
GROUPS = {
    "oauth": gettext_noop("Tokens"),
    "cards": gettext_noop("Membership cards"),
    "organisations": gettext_noop("Organisations"),
    "join-applications": gettext_noop("Applications to join"),
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as the page for people shows it."""

    name: str
    method: str
    path: str
    summary: str
    about: str
    scope: str
    parameters: list[dict[str, Any]]
    fields: list[tuple[str, str, bool]]
    gives: list[tuple[str, str, bool]]
    answers: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Told:
    """One message as the page for people shows it."""

    topic: str
    summary: str
    about: str
    scope: str
    brings: list[tuple[str, str]]


def document_of(api: NinjaAPI) -> dict[str, Any]:
    """Write the OpenAPI 3.1 document, in English."""
    said: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=ROOT))
    said["info"]["description"] = _ABOUT
    said["servers"] = [{"url": "/"}]
    said["tags"] = [{"name": name, "description": words} for name, words in GROUPS.items()]
    said["components"]["securitySchemes"]["ClientBasic"] = BASIC
    scopes = _scopes(api)
    for operation in _operations(said):
        scope = scopes.get(operation["operationId"])
        if scope:
            operation["security"] = [{"OAuth2": [scope]}]
        operation["responses"] = {
            str(status): _finished(str(status), answer)
            for status, answer in sorted(operation["responses"].items())
        }
    said["webhooks"] = webhooks_of(said["components"])
    return said


def pages_of(api: NinjaAPI) -> list[tuple[str, list[Operation]]]:
    """List the operations by group, in the language of the reader."""
    said = document_of(api)
    groups: dict[str, list[Operation]] = {name: [] for name in GROUPS}
    for path, methods in said["paths"].items():
        for method, operation in methods.items():
            groups[operation["tags"][0]].append(_shown(said, path, method, operation))
    return [(in_words(GROUPS[name]), found) for name, found in groups.items()]


def topics_of() -> list[Told]:
    """List what is told by webhooks, in the language of the reader."""
    return [
        Told(
            topic=topic.value,
            summary=in_words(one.summary),
            about=in_words(one.about),
            scope=one.scope.value if one.scope else "",
            brings=[
                (name, in_words(field.description) if field.description else "")
                for name, field in one.shape.model_fields.items()
            ],
        )
        for topic, one in MESSAGES.items()
    ]


def _operations(said: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for methods in said["paths"].values() for operation in methods.values()]


def _scopes(api: NinjaAPI) -> dict[str, str]:
    return {
        operation.operation_id: callback.scope.value
        for bound in api._get_bound_routers()  # noqa: SLF001  (ninja has no other way to list them)
        for view in bound.path_operations.values()
        for operation in view.operations
        for callback in operation.auth_callbacks
        if isinstance(callback, OAuth2) and operation.operation_id
    }


def _finished(status: str, answer: dict[str, Any]) -> dict[str, Any]:
    content = answer.get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    if schema.get("$ref", "").endswith("/Problem"):
        answer = {**answer, "content": {CONTENT_TYPE: {"schema": schema}}}
    return {**answer, "headers": _HEADERS[status]} if status in _HEADERS else answer


def _shown(said: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> Operation:
    wanted = [scope for entry in operation.get("security", ()) for scope in entry.get("OAuth2", ())]
    return Operation(
        name=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=in_words(operation["summary"]),
        about=in_words(operation.get("description", "")),
        scope=wanted[0] if wanted else "",
        parameters=[
            {**one, "about": in_words(one["description"]) if one.get("description") else ""}
            for one in operation["parameters"]
        ],
        fields=_fields(said, operation.get("requestBody", {}).get("content", {})),
        gives=_fields(said, operation["responses"]["200"].get("content", {})),
        answers=[(status, one["description"]) for status, one in operation["responses"].items()],
    )


def _fields(
    said: dict[str, Any], contents: dict[str, dict[str, Any]]
) -> list[tuple[str, str, bool]]:
    """List the fields of a body with what they are for and whether they must be there."""
    for content in contents.values():
        schema = content["schema"]
        if "$ref" in schema:
            schema = said["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        required = set(schema.get("required", ()))
        return [
            (name, in_words(one["description"]) if one.get("description") else "", name in required)
            for name, one in schema.get("properties", {}).items()
        ]
    return []
