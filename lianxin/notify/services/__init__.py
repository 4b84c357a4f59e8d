"""Writing to the inbox, and carrying word of it outside."""

from __future__ import annotations

from lianxin.notify.services.digest import digest_send, message_carry
from lianxin.notify.services.inbox import all_mark_read, message_mark_read, notify, words_for
from lianxin.notify.services.outgoing import mail_send, outgoing_deliver, sms_send
from lianxin.notify.services.upkeep import account_erase, account_export, old_purge

__all__ = [
    "account_erase", "account_export", "all_mark_read", "digest_send", "mail_send",
    "message_carry", "message_mark_read", "notify", "old_purge", "outgoing_deliver", "sms_send",
    "words_for",
]  # fmt: skip
