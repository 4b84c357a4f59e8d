"""The inbox: writing a message once, marking it read."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.kit.text import Bilingual
from lianxin.kit.transactions import atomic
from lianxin.notify import policies, rules
from lianxin.notify.models import InboxMessage
from lianxin.notify.selectors import address_of
from lianxin.vault import api as vault

Words = str | Promise | Bilingual


def notify(
    *,
    account_id: uuid.UUID,
    kind: str,
    title: Words,
    body: Words,
    url: str,
    urgent: bool = False,
    discreet: bool = False,
    key: str,
) -> None:
    """Put a message into an account's inbox, once a key; other channels say that it is there.

    Lazy and bilingual words become the language of the reader. An urgent message is carried
    outside at once, also at night; the rest waits for the next digest. Of a `discreet` one the
    outside learns only that there is a new message: use it for counselling, complaints, health.

    Raises:
        ValueError: the address does not lead to a page of ours.
    """
    if url and not rules.is_own_path(url):
        raise ValueError(f"a message leads only to our own pages, not to {url!r}")
    with atomic():
        if InboxMessage.objects.filter(account_id=account_id, key=key).exists():
            return
        row = InboxMessage(
            id=new_id(),
            account_id=account_id,
            kind=kind,
            key=key,
            url=url,
            urgent=urgent,
            discreet=discreet,
            created_at=clock.now(),
        )
        with words_for(account_id):
            row.title, row.body = str(title), str(body)
        # Two at once: the second is ignored by the database. bulk_create seals like save does.
        InboxMessage.objects.bulk_create([row], ignore_conflicts=True)
        if urgent:
            jobs.enqueue(
                "notify.carry_message",
                payload={"message_id": str(row.pk)},
                key=f"notify.carry:{account_id}:{key}"[:200],
            )


@contextmanager
def words_for(account_id: uuid.UUID) -> Iterator[None]:
    """Speak the language this person reads while the block runs."""
    with translation.override(address_of(account_id).language or settings.LANGUAGE_CODE):
        yield


def message_mark_read(*, account_id: uuid.UUID | None, message_id: uuid.UUID) -> InboxMessage:
    """Mark one's own message as read; again changes nothing.

    Raises:
        InboxMessage.DoesNotExist: there is no such message for this account.
    """
    row = policies.visible_to(account_id, InboxMessage.objects.all()).get(pk=message_id)
    if row.read_at is None:
        with atomic():
            InboxMessage.objects.filter(pk=row.pk, read_at=None).update(read_at=clock.now())
    return row


def all_mark_read(*, account_id: uuid.UUID | None) -> int:
    """Mark all of one's own messages as read; return how many were not."""
    with atomic():
        unread = policies.visible_to(account_id, InboxMessage.objects.filter(read_at=None))
        return unread.update(read_at=clock.now())


def words_of(row: InboxMessage) -> str:
    """Return the title for a channel outside; nothing of a discreet message."""
    # Read by the machine only: it goes to the person's own phone.
    return "" if row.discreet else vault.reveal(row, "title")
