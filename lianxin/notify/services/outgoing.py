"""Text messages and mail: sealed while they wait, sent by a job, forgotten once sent."""

from __future__ import annotations

import datetime as dt
import logging
import uuid

from django.utils.translation import gettext as _

from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.ids import new_id
from lianxin.kit.transactions import atomic
from lianxin.notify import conf
from lianxin.notify.models import Outgoing
from lianxin.notify.selectors import sms_left, sms_used
from lianxin.vault import api as vault

_log = logging.getLogger(__name__)
USEFUL_FOR = dt.timedelta(hours=6)


def sms_send(phone: str, text: str, *, key: str, useful_for: dt.timedelta = USEFUL_FOR) -> None:
    """Send a text message by a job, once a key; one that comes too late is dropped.

    Raises:
        RefusedError: this number, or the house, has had its messages of the day.
    """
    index = vault.blind_index(phone, purpose="phone")
    if not _known(key) and not sms_left(index):
        if sms_used() >= conf.cap_per_day():
            _log.error("the text messages of this day are used up: %s", conf.cap_per_day())
            raise RefusedError(
                _("No more messages can go out today. Please try again tomorrow, or call 12351.")
            )
        raise RefusedError(
            _(
                "This phone has had many messages from us today. Please try again tomorrow or call us."
            ),
            field="phone",
        )
    _order(
        channel=Outgoing.Channel.SMS,
        address=phone,
        index=index,
        subject="",
        text=text,
        key=key,
        useful_for=useful_for,
    )


def mail_send(
    address: str, subject: str, text: str, *, key: str, useful_for: dt.timedelta = USEFUL_FOR
) -> None:
    """Send a mail by a job, once a key."""
    index = vault.blind_index(address.lower(), purpose="mail")
    _order(
        channel=Outgoing.Channel.MAIL,
        address=address,
        index=index,
        subject=subject,
        text=text,
        key=key,
        useful_for=useful_for,
    )


def outgoing_deliver(order_id: uuid.UUID) -> None:
    """Hand one order to its channel, then forget its words and address.

    A kill between the two sends it again with the same id, by which gateways know a repeat.
    """
    row = Outgoing.objects.filter(pk=order_id, state=Outgoing.State.WAITING).first()
    if row is None:
        return
    if row.useful_until < clock.now():
        _forget(row, Outgoing.State.DROPPED)
        return
    # Opened for the machine only, which hands it to the channel.
    address, text = vault.reveal(row, "address"), vault.reveal(row, "text")
    if row.channel == Outgoing.Channel.SMS:
        conf.sms_channel().send(order_id=row.pk, phone=address, text=text)
    else:
        subject = vault.reveal(row, "subject")
        conf.mail_channel().send(order_id=row.pk, address=address, subject=subject, text=text)
    _forget(row, Outgoing.State.SENT)


def _known(key: str) -> bool:
    return Outgoing.objects.filter(key=key).exists()


def _order(
    *,
    channel: Outgoing.Channel,
    address: str,
    index: str,
    subject: str,
    text: str,
    key: str,
    useful_for: dt.timedelta,
) -> None:
    with atomic():
        if _known(key):
            return
        now = clock.now()
        row = Outgoing(
            id=new_id(),
            channel=channel,
            key=key,
            address=address,
            address_index=index,
            subject=subject,
            text=text,
            created_at=now,
            useful_until=now + useful_for,
        )
        Outgoing.objects.bulk_create([row], ignore_conflicts=True)
        jobs.enqueue(
            "notify.deliver_outgoing", payload={"order_id": str(row.pk)}, key=f"notify.out:{row.pk}"
        )


def _forget(row: Outgoing, state: Outgoing.State) -> None:
    with atomic():
        Outgoing.objects.filter(pk=row.pk, state=Outgoing.State.WAITING).update(
            state=state, sent_at=clock.now(), address=None, subject=None, text=None
        )
