"""Factories of activities, for tests and the demo."""

from __future__ import annotations

import datetime as dt
import io
import itertools
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from lianxin.activities.models import Activity, Session
from lianxin.activities.services import (
    ActivityTerms,
    SessionTerms,
    activity_draft,
    activity_publish,
)
from lianxin.allocation.api import Pool
from lianxin.kit import clock
from lianxin.orgs.api import Actor, Organisation

_serial = itertools.count(1)


def terms_made(**more: Any) -> ActivityTerms:
    """Return the terms of a friendly match, complete enough to be published."""
    given: dict[str, Any] = {
        "kind": "sport",
        "title": "职工羽毛球友谊赛",
        "words": "不比输赢，活动筋骨。\n\n- 签到\n- 双打轮换",
        "contact_name": "王建国",
        "contact_phone": "023-1235-1001",
        "place": "扬子机械厂体育馆",
        "address": "嘉岭区北苍街道柳荫路 88 号",
        "audience": "everybody",
    }
    return ActivityTerms(**(given | more))


def time_made(days: float = 3, hours: float = 2, **more: Any) -> SessionTerms:
    """Return a time some days ahead, with ten places."""
    begins = clock.now() + dt.timedelta(days=days)
    given: dict[str, Any] = {
        "starts_at": begins,
        "ends_at": begins + dt.timedelta(hours=hours),
        "capacity": 10,
    }
    return SessionTerms(**(given | more))


def draft_made(
    organisation: Organisation,
    *,
    actor: Actor | None = None,
    times: Sequence[SessionTerms] | None = None,
    **more: Any,
) -> Activity:
    """Make a draft with one time, or those given."""
    return activity_draft(
        actor=actor or Actor.system(),
        organisation_id=organisation.pk,
        terms=terms_made(**more),
        times=[time_made()] if times is None else times,
        key=f"made-{next(_serial)}",
    )


def activity_made(organisation: Organisation, **more: Any) -> Activity:
    """Make a published activity."""
    draft = draft_made(organisation, **more)
    activity_publish(actor=Actor.system(), activity_id=draft.pk)
    return Activity.objects.select_related("organisation").get(pk=draft.pk)


def session_of(activity: Activity) -> Session:
    """Return the first time of an activity."""
    rows = Session.objects.select_related("activity__organisation", "organisation", "pool")
    return rows.filter(activity=activity).order_by("starts_at")[0]


def pool_of(activity: Activity) -> Pool:
    """Return the places of the first time of an activity."""
    pool = session_of(activity).pool
    if pool is None:
        raise ValueError("nobody signs up for this one")
    return pool


def picture_upload(colour: str = "#b8c4a0", size: tuple[int, int] = (640, 400)) -> SimpleUploadedFile:  # fmt: skip
    """Return a plain picture to send."""
    from PIL import Image  # noqa: PLC0415  (heavy)

    held = io.BytesIO()
    Image.new("RGB", size, colour).save(held, "PNG")
    return SimpleUploadedFile("picture.png", held.getvalue(), "image/png")
