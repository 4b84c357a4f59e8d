"""Word of the inbox, carried outside: at once when urgent, else one digest instead of ten pings."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db.models import Min
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.transactions import atomic
from lianxin.notify import conf
from lianxin.notify.models import InboxMessage
from lianxin.notify.rules import Address
from lianxin.notify.selectors import address_of
from lianxin.notify.services.inbox import words_of
from lianxin.notify.services.outgoing import mail_send, sms_send


def message_carry(message_id: uuid.UUID) -> None:
    """Carry one urgent message outside, unless it has been read or carried meanwhile."""
    row = InboxMessage.objects.filter(pk=message_id).first()
    if row is not None:
        _carry([row], address_of(row.account_id), prefers_sms=True)


def digest_send() -> int:
    """Tell everybody with unread messages once; return how many were told.

    Waits for quiet hours to end, for messages to gather, and for a pause since the last digest.
    """
    now = clock.now()
    waiting = (
        InboxMessage.objects.filter(carried_at=None, urgent=False)
        .values("account_id")
        .annotate(oldest=Min("created_at"))
        .filter(oldest__lte=now - conf.gather_for())
        .order_by("oldest")
        .values_list("account_id", flat=True)
    )
    return sum(_digest_of(account_id) for account_id in list(waiting))


def _digest_of(account_id: uuid.UUID) -> bool:
    now = clock.now()
    address = address_of(account_id)
    if address.is_quiet(now):
        return False
    mine = InboxMessage.objects.filter(account_id=account_id)
    if mine.filter(urgent=False, carried_at__gt=now - conf.digest_pause(), read_at=None).exists():
        return False
    return _carry(list(mine.filter(carried_at=None, urgent=False)), address, prefers_sms=False)


def _carry(rows: list[InboxMessage], address: Address, *, prefers_sms: bool) -> bool:
    with atomic():
        new = [row for row in rows if _take(row) and row.read_at is None]
        if not new:
            return False
        with translation.override(address.language or settings.LANGUAGE_CODE):
            return _send(new, address, prefers_sms=prefers_sms)


def _take(row: InboxMessage) -> bool:
    """Mark a message as carried; of two workers that try, one does."""
    free = InboxMessage.objects.filter(pk=row.pk, carried_at=None)
    return bool(free.update(carried_at=clock.now()))


def _send(rows: list[InboxMessage], address: Address, *, prefers_sms: bool) -> bool:
    key = f"notify.word:{rows[0].pk}"
    text = _text(rows)
    if address.mail_to and not (prefers_sms and address.sms_to):
        mail_send(address.mail_to, _("New messages in Lianxin"), text, key=key)
        return True
    if address.sms_to:
        try:
            sms_send(address.sms_to, text, key=key)
        except RefusedError:
            return False  # Enough for today: the inbox has it.
        return True
    return False


def _text(rows: list[InboxMessage]) -> str:
    if len(rows) == 1:
        title = words_of(rows[0])
        if title:
            return _("%(title)s. Open Lianxin to read more.") % {"title": title.rstrip("。.")}
        return _("You have a new message. Open Lianxin to read it.")
    text = ngettext(
        "You have %(count)d new message. Open Lianxin to read it.",
        "You have %(count)d new messages. Open Lianxin to read them.",
        len(rows),
    )
    return text % {"count": len(rows)}
