"""Applications to join that another system hands in; the person herself confirms on her phone."""

from __future__ import annotations

import uuid
from typing import Annotated

from django.utils.translation import gettext_noop as _
from ninja import Header, Path, Router, Status

from lianxin.gateway import selectors, services
from lianxin.gateway.models import JoinPush
from lianxin.gateway.rest import shapes
from lianxin.gateway.rest.guard import Call, OAuth2
from lianxin.gateway.rest.problems import not_found
from lianxin.gateway.rules.access import Scope
from lianxin.procedures.api import Field

router = Router(tags=["join-applications"])
_WRITE, _READ = OAuth2(Scope.JOIN_WRITE), OAuth2(Scope.JOIN_READ)


@router.get(
    "/form",
    operation_id="get_join_form",
    auth=_WRITE,
    summary=_("What an application must answer"),
    description=_("The questions and consents of the form to join, as they stand today."),
    response=shapes.answers({200: shapes.FormOut}, 422),
)
def get_join_form(request: Call) -> dict[str, object]:  # noqa: ARG001  (ninja knows it by this name)
    """Read the catalogue's definition."""
    offer = selectors.join_offer()
    return {
        "questions": [
            _question(one) for one in offer.definition.fields if one.code != offer.definition.origin
        ],
        "consents": list(offer.card.consents),
    }


@router.post(
    "",
    operation_id="push_join_application",
    auth=_WRITE,
    summary=_("Hand in an application to join"),
    description=_(
        "Checked as the form does. The person gets a code on her phone and confirms it herself; "
        "only then does the union look at it. Send the same Idempotency-Key again after a failure: "
        "it arrives once, and a repeat answers 200 with the application there is."
    ),
    response=shapes.answers({200: shapes.JoinOut, 201: shapes.JoinOut}, 400, 409, 413, 415, 422),
)
def push_join_application(
    request: Call,
    application: shapes.JoinIn,
    key: Annotated[
        str,
        Header(
            alias="Idempotency-Key",
            pattern=r"^[A-Za-z0-9._~-]{8,64}$",
            description=_("Of your choice, a new one for each application"),
        ),
    ],
) -> Status[dict[str, object]]:
    """Take it, or recognise it."""
    push, is_new = services.join_push(
        client=request.auth.client,
        key=key,
        application=services.Application(
            organisation_code=application.organisation,
            phone=application.phone,
            answers=application.answers,
            consents=[
                services.Consented(
                    purpose=one.purpose, given_at=one.given_at, evidence=one.evidence
                )
                for one in application.consents
            ],
            reference=application.reference,
        ),
    )
    return Status(201 if is_new else 200, _shown(push))


@router.get(
    "/{application_id}",
    operation_id="get_join_application",
    auth=_READ,
    summary=_("Where an application stands"),
    description=_("Only what the client handed in itself."),
    response=shapes.answers({200: shapes.JoinOut}, 404, 422),
)
def get_join_application(
    request: Call, application_id: Annotated[uuid.UUID, Path()]
) -> dict[str, object]:
    """Read its state as it is now."""
    found = selectors.push_found(request.auth.client, application_id)
    if found is None:
        raise not_found()
    return _shown(found)


def _shown(push: JoinPush) -> dict[str, object]:
    return {
        "id": push.pk,
        "organisation": push.organisation.code,
        "reference": push.reference,
        "status": selectors.push_status(push),
        "created_at": push.created_at,
    }


def _question(one: Field) -> dict[str, object]:
    return {
        "code": one.code,
        "kind": one.kind.value,
        "label": str(one.label),
        "is_required": one.is_required,
        "minimum": one.minimum,
        "maximum": one.maximum,
        "choices": [{"code": choice.code, "label": str(choice.label)} for choice in one.choices],
    }
