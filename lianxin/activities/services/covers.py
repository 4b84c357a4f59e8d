"""The cover of an activity."""

from __future__ import annotations

import uuid
from contextlib import nullcontext
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from lianxin.activities.constants import COVER_PURPOSE
from lianxin.activities.models import Activity, Picture
from lianxin.activities.services.holding import held_to_change, noted
from lianxin.files import api as files
from lianxin.kit.errors import RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor


def cover_set(
    *, actor: Actor, activity_id: uuid.UUID, upload: UploadedFile[Any] | None, alt: str
) -> Activity:
    """Give an activity a cover, another one, or other words to the one it has.

    Raises:
        ForbiddenError: not for this organisation.
        RefusedError: nothing that can be shown, or no words on what it shows.
        StaleError: a colleague looks at it.
    """
    words = clean(alt)[:120]
    if not words:
        raise RefusedError(_("Say what the picture shows, for those who cannot see it."), field="alt")  # fmt: skip
    named: dict[str, Any] = {"actor_id": _needed(actor), "purpose": COVER_PURPOSE}
    new = files.picture_new(Picture, upload=upload, alt=words, **named) if upload else nullcontext()
    with new as made, atomic():
        activity = held_to_change(actor, activity_id)
        old = activity.cover
        if made is not None:
            activity.cover = made
            activity.save(update_fields=["cover"])
        elif old is not None:
            Picture.objects.filter(pk=old.pk).update(alt=words)
        else:
            raise RefusedError(_("Please choose a picture."), field="upload")
        noted(actor, activity, "cover_set")
        if made is not None and old is not None:
            files.picture_drop(old, actor_id=actor.account_id)
    return activity


def _needed(actor: Actor) -> uuid.UUID:
    if actor.account_id is None:
        raise RefusedError(_("Please sign in first."))
    return actor.account_id
