"""What activities keep about whoever arranged them: her copy of it, and letting go.

Places claimed and what was told for them are kept and let go by allocation.
"""

from __future__ import annotations

import uuid

from lianxin.activities.models import Activity, AlbumPicture, Asking, CalendarLink, Helped, Telling
from lianxin.kit.transactions import atomic

TABLES = (
    "activities.Activity",
    "activities.AlbumPicture",
    "activities.Asking",
    "activities.CalendarLink",
    "activities.Helped",
    "activities.Telling",
)


def account_export(account_id: uuid.UUID | None) -> list[dict[str, str]]:
    """List what a person drafted, published and wrote, what she is asked about, and her calendar's address."""
    if account_id is None:
        return []
    made = Activity.objects.filter(made_by_id=account_id).order_by("made_at", "pk")
    published = Activity.objects.filter(published_by_id=account_id).order_by("made_at", "pk")
    told = Telling.objects.filter(made_by_id=account_id).select_related("session__activity")
    asked = Asking.objects.filter(account_id=account_id).select_related("session__activity")
    helped = Helped.objects.filter(account_id=account_id).select_related("session__activity")
    album = AlbumPicture.objects.select_related("session__activity", "picture").order_by("added_at")
    links = CalendarLink.objects.filter(account_id=account_id).exclude(key="")
    return [
        *({"drafted": one.title, "at": one.made_at.isoformat()} for one in made),
        *({"published": one.title, "at": one.published_at.isoformat() if one.published_at else ""} for one in published),
        *({"told": one.words, "about": one.session.activity.title, "at": one.made_at.isoformat()} for one in told.order_by("made_at", "pk")),
        *({"asked_how_it_was": one.session.activity.title} for one in asked.order_by("pk")),
        *({"helped": one.session.activity.title, "minutes": str(one.minutes), "at": one.session.starts_at.isoformat()} for one in helped.order_by("pk")),
        *({"picture_added": one.picture.alt, "about": one.session.activity.title, "at": one.added_at.isoformat()} for one in album.filter(added_by_id=account_id)),
        *({"picture_asked_down": one.picture.alt, "about": one.session.activity.title} for one in album.filter(hidden_by_id=account_id)),
        *({"calendar_address_since": one.made_at.isoformat()} for one in links),
    ]  # fmt: skip


def account_erase(account_id: uuid.UUID | None) -> None:
    """Forget who drafted, published and wrote, whom it asks and her calendar; the activities are the union's.

    What she said of a session has no name: it cannot be found, and stays.
    """
    if account_id is None:
        return
    with atomic():
        Activity.objects.filter(made_by_id=account_id).update(made_by=None)
        Activity.objects.filter(published_by_id=account_id).update(published_by=None)
        Telling.objects.filter(made_by_id=account_id).update(made_by=None)
        AlbumPicture.objects.filter(added_by_id=account_id).update(added_by=None)
        AlbumPicture.objects.filter(hidden_by_id=account_id).update(hidden_by=None)
        Asking.objects.filter(account_id=account_id).delete()
        Helped.objects.filter(account_id=account_id).delete()
        CalendarLink.objects.filter(account_id=account_id).delete()
