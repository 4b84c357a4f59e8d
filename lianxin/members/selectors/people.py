"""Finding members."""

from __future__ import annotations

import uuid

from lianxin.members.models import Member


def member_of(account_id: uuid.UUID | None) -> Member | None:
    """Return the roll entry linked to an account, with its organisation; None if there is none."""
    if account_id is None:
        return None
    return Member.objects.select_related("organisation").filter(account_id=account_id).first()
