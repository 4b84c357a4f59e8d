"""Who may read a message: the one it was written to."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from lianxin.notify.models import InboxMessage


def visible_to(
    account_id: uuid.UUID | None, queryset: QuerySet[InboxMessage]
) -> QuerySet[InboxMessage]:
    return queryset.filter(account_id=account_id) if account_id else queryset.none()


def may_view(account_id: uuid.UUID | None, message: InboxMessage) -> bool:
    return account_id is not None and message.account_id == account_id
