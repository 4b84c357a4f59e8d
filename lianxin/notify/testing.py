"""For tests and the demo: read what the twins would have sent."""

from __future__ import annotations

import uuid

from lianxin.jobs.testing import settle
from lianxin.notify import rules, selectors
from lianxin.notify.models import InboxMessage, OutboxSMS, Outgoing
from lianxin.notify.selectors import Letter
from lianxin.vault import api as vault


def texts_to(phone: str) -> list[str]:
    """Send what waits, then return the text messages to a number, newest first."""
    settle()
    index = vault.blind_index(phone, purpose="phone")
    orders = Outgoing.objects.filter(address_index=index).values("pk")
    rows = OutboxSMS.objects.filter(order_id__in=orders).order_by("-sent_at", "-id")
    return [vault.reveal(row, "text") for row in rows]


def code_to(phone: str) -> str:
    """Return the code in the latest text message to a number that carries one."""
    return next((code for code in map(rules.code_in, texts_to(phone)) if code), "")


def letters_to(account_id: uuid.UUID) -> list[Letter]:
    """Return the inbox of an account, newest first."""
    rows = InboxMessage.objects.filter(account_id=account_id).order_by("-created_at", "-id")
    return [selectors.letter_of(row) for row in rows]
