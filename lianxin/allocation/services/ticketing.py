"""Tickets: signed for whoever holds places, checked by gates."""

from __future__ import annotations

import datetime as dt
import math

from lianxin.allocation.models import Claim
from lianxin.allocation.rules.claims import State
from lianxin.allocation.rules.tickets import Ticket, ticket_payload
from lianxin.kit import tokens
from lianxin.kit.errors import RefusedError
from lianxin.members.api import name_on_card
from lianxin.vault import api as vault

PURPOSE = "ticket"
# Keys are published as long as a ticket may lie in a drawer.
LIFE = dt.timedelta(days=400)


def ticket_of(claim: Claim) -> str:
    """Sign the ticket of a confirmed claim.

    Raises:
        RefusedError: the claim holds no place.
    """
    if claim.state != State.CONFIRMED or claim.account is None:
        raise RefusedError("no ticket without a place")
    signer = vault.signer_of(PURPOSE)
    seats = claim.seats.order_by("number").values_list("label", flat=True)
    ticket = Ticket(
        key_id=signer.key_id,
        claim_id=claim.pk,
        pool_id=claim.pool_id,
        name=name_on_card(claim.account.display_name),
        size=claim.size,
        seats=tuple(seats) if claim.pool.has_seats else (),
        since=math.ceil(claim.settled_at.timestamp()),
    )
    return tokens.signed(ticket_payload(ticket), signer.sign)


def ticket_key_make() -> None:
    """See to it that there is a key, so that a list fetched before the first ticket knows it."""
    vault.signer_of(PURPOSE)


def ticket_keys() -> list[vault.PublishedKey]:
    """List the keys tickets are checked with. One query."""
    return vault.signing_keys(PURPOSE, life=LIFE)
