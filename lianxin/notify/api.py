"""The door of messages: tell somebody something, send a text, ask what is unread."""

from __future__ import annotations

from lianxin.notify.conf import cap_per_day
from lianxin.notify.rules import Address
from lianxin.notify.selectors import address_of, address_resolvers, sms_used, unread_count
from lianxin.notify.services import (
    account_erase,
    account_export,
    mail_send,
    notify,
    sms_send,
    words_for,
)

__all__ = [
    "Address", "account_erase", "account_export", "address_of", "address_resolvers", "cap_per_day",
    "mail_send", "notify", "sms_send", "sms_used", "unread_count", "words_for",
]  # fmt: skip
