"""What the exchange keeps of those who offer and check: a copy of it, and letting go."""

from __future__ import annotations

import uuid

from lianxin.exchange.models import Amendment, Resource

TABLES = ("exchange.Resource", "exchange.Amendment")


def account_export(account_id: uuid.UUID | None) -> list[dict[str, str]]:
    """List what an account offered, and what it asked to be changed."""
    if account_id is None:
        return []
    rows = Resource.objects.filter(offered_by_id=account_id).order_by("offered_at", "pk")
    asked = Amendment.objects.filter(asked_by_id=account_id).select_related("resource")
    return [
        *({"title": one.title, "offered_at": one.offered_at.isoformat()} for one in rows),
        *({"change_asked": one.resource.title, "reason": one.reason, "at": one.asked_at.isoformat()} for one in asked.order_by("asked_at", "pk")),
    ]  # fmt: skip


def account_erase(account_id: uuid.UUID | None) -> None:
    """Forget who offered and who checked; the offers are the partner's."""
    if account_id is not None:
        Resource.objects.filter(offered_by_id=account_id).update(offered_by=None)
        Resource.objects.filter(checked_by_id=account_id).update(checked_by=None)
        Amendment.objects.filter(asked_by_id=account_id).update(asked_by=None)
