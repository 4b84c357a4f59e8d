"""Pictures: kept in three sizes, copied, let go."""

from __future__ import annotations

import io
import uuid
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from lianxin.activities.adapters.pictures import copies_of
from lianxin.activities.constants import COVER_PURPOSE, PICTURE_KIND
from lianxin.activities.models import Activity, Picture
from lianxin.activities.services.holding import held_to_change, noted
from lianxin.files import api as files
from lianxin.kit.errors import RefusedError
from lianxin.kit.ids import new_id
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
    made = picture_make(actor_id=_needed(actor), upload=upload, alt=words, purpose=COVER_PURPOSE) if upload else None  # fmt: skip
    with atomic():
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
            picture_drop(old, actor_id=actor.account_id)
    return activity


def picture_make(
    *, actor_id: uuid.UUID, upload: UploadedFile[Any], alt: str, purpose: str
) -> Picture:
    """Judge an upload, paint its copies, keep all three.

    Raises:
        RefusedError: it is no picture, or too large, or broken.
    """
    large = files.file_store(actor_id=actor_id, upload=upload, purpose=purpose)
    return _kept(large, key=new_id(), actor_id=actor_id, alt=alt)


def picture_copy(picture: Picture | None, *, actor_id: uuid.UUID | None) -> Picture | None:
    """Keep the same picture once more, so that each can be let go by itself."""
    if picture is None or actor_id is None:
        return None
    key = new_id()
    data = b"".join(files.file_parts(picture.large))
    large = _part(actor_id, key, picture.large.purpose, "large", data)
    return _kept(large, key=key, actor_id=actor_id, alt=picture.alt)


def picture_drop(picture: Picture, *, actor_id: uuid.UUID | None) -> None:
    """Let a picture go with all its sizes."""
    files.object_erase(PICTURE_KIND, picture.pk, actor_id=actor_id)
    picture.delete()


def _kept(large: files.StoredFile, *, key: uuid.UUID, actor_id: uuid.UUID, alt: str) -> Picture:
    """Paint the copies of a large picture, and give all three to the row of this key."""
    copies = copies_of(b"".join(files.file_parts(large)))
    with atomic():
        files.claim([large], object_kind=PICTURE_KIND, object_id=key)
        return Picture.objects.create(
            id=key,
            alt=alt,
            width=copies.width,
            height=copies.height,
            large=large,
            medium=_part(actor_id, key, large.purpose, "medium", copies.medium),
            small=_part(actor_id, key, large.purpose, "small", copies.small),
        )


def _part(
    actor_id: uuid.UUID, key: uuid.UUID, purpose: str, size: str, data: bytes
) -> files.StoredFile:
    return files.file_keep(
        actor_id=actor_id,
        file=io.BytesIO(data),
        name=f"{size}.jpg",
        kind=files.Kind.IMAGE,
        purpose=purpose,
        object_kind=PICTURE_KIND,
        object_id=key,
    )


def _needed(actor: Actor) -> uuid.UUID:
    if actor.account_id is None:
        raise RefusedError(_("Please sign in first."))
    return actor.account_id
