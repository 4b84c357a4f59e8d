"""Reading the inbox, finding where a person may be reached, counting what was sent."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from lianxin.kit import clock
from lianxin.kit.paging import Page, page_of
from lianxin.kit.slots import Slot
from lianxin.notify import conf, policies, rules
from lianxin.notify.models import InboxMessage, OutboxSMS, Outgoing
from lianxin.notify.rules import Address
from lianxin.vault import api as vault

# An account's address is known higher up: accounts knows the phone, members the consent.
AddressResolver = Callable[[uuid.UUID], Address | None]
address_resolvers: Slot[AddressResolver] = Slot(
    "address_resolvers",
    purpose="Where and when a person may be reached outside the inbox; the first answer wins",
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message opened for the one it was written to."""

    id: uuid.UUID
    kind: str
    title: str
    body: str
    url: str
    urgent: bool
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sent:
    """What a twin would have sent."""

    channel: str
    masked: str
    text: str
    sent_at: datetime

    @property
    def code(self) -> str:
        """The one-time code it carries, if any."""
        return rules.code_in(self.text)


def address_of(account_id: uuid.UUID) -> Address:
    """Ask every resolver in turn where and when this person may be reached."""
    found = Address()
    for resolver in address_resolvers:
        answer = resolver(account_id)
        if answer is not None:
            found = found.filled_from(answer)
    return found


def unread_count(account_id: uuid.UUID | None) -> int:
    """Count the messages this account has not opened."""
    if account_id is None:
        return 0
    return InboxMessage.objects.filter(account_id=account_id, read_at=None).count()


def inbox_page(
    account_id: uuid.UUID | None, after: str | None
) -> tuple[list[Letter], Page[InboxMessage]]:
    """List an account's messages, newest first, opened for their owner."""
    rows = policies.visible_to(account_id, InboxMessage.objects.all())
    page = page_of(rows, after, size=20, order=("-created_at", "-id"))
    return [letter_of(row) for row in page.rows], page


def letter_of(row: InboxMessage) -> Letter:
    """Open a message; only its owner may see the result, so no trace of an opening is left."""
    return Letter(
        id=row.pk,
        kind=row.kind,
        title=vault.reveal(row, "title"),
        body=vault.reveal(row, "body"),
        url=row.url,
        urgent=row.urgent,
        created_at=row.created_at,
        read_at=row.read_at,
    )


def sms_left(address_index: str) -> bool:
    """Say whether one more text message may go to this number, and out of the house, today."""
    if _sms_today().filter(address_index=address_index).count() >= conf.cap_per_phone():
        return False
    return sms_used() < conf.cap_per_day()


def sms_used() -> int:
    """Count the text messages that left the house today, or wait to."""
    return _sms_today().count()


def _sms_today() -> QuerySet[Outgoing]:
    return Outgoing.objects.filter(
        channel=Outgoing.Channel.SMS, created_at__gte=rules.day_start(clock.now())
    )


def twin_messages(count: int = 50) -> list[Sent]:
    """List what the twins would have sent lately, newest first. For the demo page and for tests."""
    rows = OutboxSMS.objects.order_by("-sent_at", "-id")[:count]
    return [Sent(row.channel, row.masked, vault.reveal(row, "text"), row.sent_at) for row in rows]


def latest_unread(account_id: uuid.UUID | None, count: int) -> list[Letter]:
    """Return an account's latest unread messages, opened for their owner."""
    rows = policies.visible_to(account_id, InboxMessage.objects.filter(read_at=None))
    return [letter_of(row) for row in rows.order_by("-created_at", "-id")[:count]]
