"""Whether an account is about to be closed."""

from __future__ import annotations

import uuid

from lianxin.members.models import Closing


def closing_of(account_id: uuid.UUID | None) -> Closing | None:
    """Return the wish to close an account that still runs."""
    return Closing.objects.filter(account_id=account_id, called_back_at=None, done_at=None).first()
