"""What a channel must do; `order_id` stays the same when a message is sent again."""

from __future__ import annotations

import uuid
from typing import Protocol


class ChannelError(Exception):
    """The channel did not take the message; the job tries again."""


class SMSChannel(Protocol):
    """Sends a text message, or raises; never logs its words."""

    def send(self, *, order_id: uuid.UUID, phone: str, text: str) -> None: ...


class MailChannel(Protocol):
    """Sends a mail, or raises; never logs its words."""

    def send(self, *, order_id: uuid.UUID, address: str, subject: str, text: str) -> None: ...
