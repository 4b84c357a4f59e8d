"""What allocation keeps about a person: her copy of it, and letting go."""

from __future__ import annotations

import json
import uuid
from typing import Any

from lianxin.allocation.models import Claim, DrawParty, DrawValue, Gate
from lianxin.allocation.rules.claims import LIVE, Verb
from lianxin.allocation.services.book import Book
from lianxin.kit.ids import new_id
from lianxin.kit.transactions import atomic
from lianxin.vault import api as vault


def account_export(account_id: uuid.UUID | None) -> list[dict[str, Any]]:
    """List the places a person claimed, with what she told for them."""
    if account_id is None:
        return []
    return [*_claims_told(account_id), *_draws_told(account_id)]


def _claims_told(account_id: uuid.UUID) -> list[dict[str, Any]]:
    rows = Claim.objects.filter(account_id=account_id).select_related("pool").order_by("made_at")
    return [
        {
            "what": claim.pool.title,
            "at": claim.pool.starts_at and claim.pool.starts_at.isoformat(),
            "claimed_at": claim.made_at.isoformat(),
            "places": claim.size,
            "state": claim.state,
            "came": claim.used,
            "told": _told(claim),
        }
        for claim in rows
    ]


def _draws_told(account_id: uuid.UUID) -> list[dict[str, Any]]:
    rows = DrawParty.objects.filter(account_id=account_id).select_related("draw__pool")
    return [
        {
            "watched_over": one.draw.pool.title,
            "as": one.capacity,
            "locked_at": one.locked_at and one.locked_at.isoformat(),
            "opened_at": one.opened_at and one.opened_at.isoformat(),
        }
        for one in rows.order_by("pk")
    ]


def account_erase(account_id: uuid.UUID | None) -> None:
    """Give back what still lives, and forget whose the rest was; the ledger knows claims, not people."""
    if account_id is None:
        return
    living = Claim.objects.filter(account_id=account_id, state__in=LIVE, used=0)
    for pool_id in sorted(set(living.values_list("pool_id", flat=True))):
        with atomic():
            book = Book.of(pool_id)
            for claim in living.filter(pool_id=pool_id):
                claim.pool = book.pool
                book.move(claim, Verb.CANCELLED, actor_id=account_id)
            book.offer()
            book.close()
    with atomic():
        for claim in Claim.objects.filter(account_id=account_id):
            claim.account, claim.details, claim.unit = None, None, f"x:{new_id()}"
            claim.save(update_fields=["account", "details", "unit"])
        # Name and capacity stay in the rule that was published and signed; the account does not.
        DrawParty.objects.filter(account_id=account_id).update(account=None)
        DrawValue.objects.filter(read_by_id=account_id).update(read_by=None)
        Gate.objects.filter(opened_by_id=account_id).update(opened_by=None)


def _told(claim: Claim) -> Any:
    text = vault.reveal(claim, "details")
    return json.loads(text) if text else None
