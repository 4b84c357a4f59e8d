"""Reading what people agreed to."""

from __future__ import annotations

import uuid

from lianxin.members.models import Consent
from lianxin.members.selectors.dictionary import purposes


def consent_given(account_id: uuid.UUID | None, purpose: str) -> bool:
    """Say whether a person's yes to a purpose holds today, in the words of the present version."""
    entry = purposes().get(purpose)
    if account_id is None or entry is None:
        return False
    return Consent.objects.filter(
        account_id=account_id, purpose=purpose, wording=entry.version, withdrawn_at=None
    ).exists()


def consents_of(account_id: uuid.UUID) -> dict[str, Consent]:
    """Return a person's consents in force, by purpose; those of an older wording among them."""
    rows = Consent.objects.filter(account_id=account_id, withdrawn_at=None)
    return {row.purpose: row for row in rows if row.purpose in purposes()}


def missing_consents(account_id: uuid.UUID, wanted: list[str]) -> list[str]:
    """List the purposes among `wanted` that still need a yes. One query."""
    given = consents_of(account_id)
    return [
        purpose
        for purpose in wanted
        if purpose not in given or given[purpose].wording != purposes()[purpose].version
    ]
