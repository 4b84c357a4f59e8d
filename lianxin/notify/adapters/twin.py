"""The development twins: nothing leaves the machine, the outbox page shows what would have."""

from __future__ import annotations

import uuid

from lianxin.kit.ids import new_id
from lianxin.kit.transactions import atomic
from lianxin.notify import rules
from lianxin.notify.models import OutboxSMS, Outgoing


class TwinSMS:
    """Keeps a text message for the outbox page."""

    def send(self, *, order_id: uuid.UUID, phone: str, text: str) -> None:
        _keep(order_id, Outgoing.Channel.SMS, rules.mask_phone(phone), text)


class TwinMail:
    """Keeps a mail for the outbox page."""

    def send(self, *, order_id: uuid.UUID, address: str, subject: str, text: str) -> None:
        _keep(order_id, Outgoing.Channel.MAIL, rules.mask_mail(address), f"{subject}\n{text}")


def _keep(order_id: uuid.UUID, channel: Outgoing.Channel, masked: str, text: str) -> None:
    with atomic():
        if not OutboxSMS.objects.filter(order_id=order_id).exists():
            OutboxSMS.objects.create(
                id=new_id(), order_id=order_id, channel=channel, masked=masked, text=text
            )
