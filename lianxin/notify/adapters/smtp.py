"""Mail by SMTP, as Django's EMAIL_ settings say."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.mail import EmailMessage


class SMTPMail:
    """Sends a mail; the message id stays the same when it is sent again, so mailboxes know a repeat."""

    def send(self, *, order_id: uuid.UUID, address: str, subject: str, text: str) -> None:
        host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
        headers = {"Message-ID": f"<{order_id}@{host}>", "Auto-Submitted": "auto-generated"}
        EmailMessage(subject, text, to=[address], headers=headers).send(fail_silently=False)
