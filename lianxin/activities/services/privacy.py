"""What activities keep about whoever arranged them: her copy of it, and letting go.

Places claimed and what was told for them are kept and let go by allocation.
"""

from __future__ import annotations

import uuid

from lianxin.activities.models import Activity, Telling
from lianxin.kit.transactions import atomic

TABLES = ("activities.Activity", "activities.Telling")


def account_export(account_id: uuid.UUID | None) -> list[dict[str, str]]:
    """List what a person drafted, published and wrote to those who signed up."""
    if account_id is None:
        return []
    made = Activity.objects.filter(made_by_id=account_id).order_by("made_at", "pk")
    published = Activity.objects.filter(published_by_id=account_id).order_by("made_at", "pk")
    told = Telling.objects.filter(made_by_id=account_id).select_related("session__activity")
    return [
        *({"drafted": one.title, "at": one.made_at.isoformat()} for one in made),
        *({"published": one.title, "at": one.published_at.isoformat() if one.published_at else ""} for one in published),
        *({"told": one.words, "about": one.session.activity.title, "at": one.made_at.isoformat()} for one in told.order_by("made_at", "pk")),
    ]  # fmt: skip


def account_erase(account_id: uuid.UUID | None) -> None:
    """Forget who drafted, published and wrote; the activities are the union's."""
    if account_id is None:
        return
    with atomic():
        Activity.objects.filter(made_by_id=account_id).update(made_by=None)
        Activity.objects.filter(published_by_id=account_id).update(published_by=None)
        Telling.objects.filter(made_by_id=account_id).update(made_by=None)
