"""Is this membership card good?"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _
from ninja import Router

from lianxin.gateway.rest import shapes
from lianxin.gateway.rest.guard import Call, OAuth2
from lianxin.gateway.rules.access import Scope
from lianxin.members.api import card_verify

router = Router(tags=["cards"])


@router.post(
    "/verify",
    operation_id="verify_card",
    auth=OAuth2(Scope.CARDS_VERIFY),
    summary=_("Verify a membership card"),
    description=_(
        "Says whether a card a person shows holds at this moment: its signature, its time, whether "
        "it was revoked, and whether she is a member today. No number of hers is in the answer."
    ),
    response=shapes.answers({200: shapes.CardOut}, 400, 413, 415, 422),
)
def verify_card(request: Call, card: shapes.CardIn) -> dict[str, object]:  # noqa: ARG001  (ninja knows it by this name)
    """Ask the roll; nothing is kept of the question."""
    found = card_verify(card.card)
    return {
        "is_valid": found.is_valid,
        "fault": found.fault,
        "organisation_code": found.union_code,
        "organisation_name": found.union_name,
        "name": found.name,
        "state": found.state,
        "issued_at": found.issued_at,
        "expires_at": found.expires_at,
    }
