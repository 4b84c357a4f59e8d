"""What goes in and out of the API, in the types of its document."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop as _
from ninja import Field, Schema
from pydantic import AwareDatetime, ConfigDict, StrictStr, StringConstraints

from lianxin.gateway.rules.joining import PushStatus
from lianxin.orgs.api import Level

# Printable, no control characters; codes are the short names of unions and fields.
CODE = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$"
LINE = r"^[^\x00-\x1f\x7f]+$"
PHONE = r"^\+?[0-9][0-9 -]{4,22}$"
CREDIT_CODE = r"^[0-9A-HJ-NPQRTUWXY]{18}$"
OrganisationState = Literal["in_force", "merging", "closing", "closed"]
Code = Annotated[StrictStr, StringConstraints(pattern=CODE, max_length=32)]
Line = Annotated[StrictStr, StringConstraints(pattern=LINE, max_length=200)]
Typed = Annotated[StrictStr, StringConstraints(pattern=r"^[^\x00]*$", max_length=4000)]


class Taken(Schema):
    """What comes in: nothing that is not asked for."""

    model_config = ConfigDict(extra="forbid")


class FieldFault(Schema):
    field: str
    detail: str


class Problem(Schema):
    """RFC 9457; the sentence is in the language of Accept-Language."""

    type: str = Field(..., description=_("Stable name of the problem"))
    title: str
    status: int
    detail: str = Field(..., description=_("One sentence for a person"))
    errors: list[FieldFault] = Field([], description=_("What is wrong, field by field"))


class OAuthFault(Schema):
    """RFC 6749, section 5.2."""

    error: str
    error_description: str = ""


class Token(Schema):
    """RFC 6749, section 5.1."""

    access_token: str
    token_type: str
    expires_in: int = Field(..., description=_("Seconds"))
    scope: str


class CardIn(Taken):
    card: Annotated[StrictStr, StringConstraints(pattern=LINE, min_length=1, max_length=4000)] = (
        Field(..., description=_("What the QR code says: the token, or the whole address"))
    )


class CardOut(Schema):
    is_valid: bool
    fault: str = Field(..., description=_("Why it does not hold: form, unknown_key, forged, not_yet, expired, revoked, not_a_member; empty if it is valid"))  # fmt: skip
    organisation_code: str
    organisation_name: str
    name: str = Field(..., description=_("Masked"))
    state: str
    issued_at: dt.datetime | None
    expires_at: dt.datetime | None


class OrganisationOut(Schema):
    code: str
    name: str
    level: Level
    parent: str = Field(..., description=_("Code of the union above; empty for the root"))
    state: OrganisationState = Field(
        ..., description=_("A union that closes or was closed takes nobody in")
    )
    unified_social_credit_code: str = Field(..., description=_("The union's own"))
    employer_credit_code: str = Field(
        ..., description=_("Of the unit whose workers it unites; empty for a territorial union")
    )
    phone: str
    address: str
    opening_hours: str
    member_count: int = Field(..., description=_("Members in force here and below"))


class OrganisationList(Schema):
    items: list[OrganisationOut]
    next: str = Field(..., description=_("Give it as `after` for the next page; empty at the end"))


class ChoiceOut(Schema):
    code: str
    label: str


class QuestionOut(Schema):
    code: str
    kind: str
    label: str
    is_required: bool
    minimum: int | None
    maximum: int | None
    choices: list[ChoiceOut]


class FormOut(Schema):
    """What an application to join has to answer here, as the operator's catalogue says today."""

    questions: list[QuestionOut]
    consents: list[str] = Field(..., description=_("Purposes the person must have agreed to"))


class ConsentIn(Taken):
    purpose: Code
    given_at: AwareDatetime = Field(..., description=_("When she agreed, with its time zone"))
    evidence: Line = Field(..., description=_("Where you keep the evidence: your own reference"))


class JoinIn(Taken):
    organisation: Code = Field(..., description=_("Code of the union she wants to join"))
    phone: Annotated[StrictStr, StringConstraints(pattern=PHONE)] = Field(
        ..., description=_("Her mobile number: it gets the code to confirm with")
    )
    answers: dict[
        Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,47}$")],
        Typed | list[Typed],
    ] = Field(
        ...,
        max_length=60,
        description=_("By question of the form, as a person would type it"),
    )
    consents: list[ConsentIn] = Field(..., max_length=20)
    reference: Annotated[StrictStr, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=64)] = Field("", description=_("Your own number of the application"))  # fmt: skip


class JoinOut(Schema):
    id: uuid.UUID
    organisation: str
    reference: str
    status: PushStatus
    created_at: dt.datetime


Answers = dict[int, Any]
ANYWHERE = (401, 403, 429)


def answers(success: Answers, *codes: int) -> Answers:
    """Name every answer of an operation: what is meant, and each problem there can be."""
    return success | dict.fromkeys((*codes, *ANYWHERE, 500), Problem)
