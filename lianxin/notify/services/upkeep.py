"""What becomes old, and what a person may take along or have erased."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from lianxin.kit import clock
from lianxin.kit.transactions import atomic
from lianxin.notify import conf
from lianxin.notify.models import InboxMessage, OutboxSMS, Outgoing
from lianxin.notify.selectors import letter_of


def old_purge() -> int:
    """Delete old read messages, old traces of sent ones, and what the twins keep for a week."""
    now = clock.now()
    before = now - conf.kept_for()
    with atomic():
        count = InboxMessage.objects.filter(read_at__lt=before, created_at__lt=before).delete()[0]
        count += Outgoing.objects.filter(created_at__lt=now - dt.timedelta(days=90)).delete()[0]
        return count + OutboxSMS.objects.filter(sent_at__lt=now - dt.timedelta(days=7)).delete()[0]


def account_export(account_id: uuid.UUID) -> list[dict[str, Any]]:
    """Return all messages of an account in words, oldest first, for its owner."""
    rows = InboxMessage.objects.filter(account_id=account_id).order_by("created_at", "id")
    return [
        {
            "kind": letter.kind,
            "title": letter.title,
            "body": letter.body,
            "created_at": letter.created_at.isoformat(),
            "read_at": letter.read_at.isoformat() if letter.read_at else None,
        }
        for letter in map(letter_of, rows.iterator())
    ]


def account_erase(account_id: uuid.UUID) -> int:
    """Delete all messages of an account; return how many."""
    with atomic():
        return InboxMessage.objects.filter(account_id=account_id).delete()[0]
