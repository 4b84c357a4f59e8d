"""The content of pictures, for whoever may see what they belong to."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from lianxin.activities import policies
from lianxin.activities.models import Activity, Picture
from lianxin.activities.policies import Reader
from lianxin.activities.rules.states import State
from lianxin.files import api as files


@dataclass(frozen=True, slots=True)
class PictureData:
    """A picture's bytes, and whether anybody may keep a copy."""

    content: bytes
    is_public: bool


def cover_data(reader: Reader, picture_id: uuid.UUID, size: str) -> PictureData | None:
    """Return the cover of an activity somebody may see; None where there is none. Two queries."""
    if size not in {Picture.Size.MEDIUM, Picture.Size.SMALL}:
        return None
    rows = Activity.objects.filter(cover=picture_id)
    found = policies.visible_to(reader, rows).select_related(f"cover__{size}").first()
    if found is None or found.cover is None:
        return None
    is_seen = (
        found.is_public and found.standing is not State.DRAFT and found.standing is not State.ASKED
    )
    return PictureData(files.picture_content(found.cover, size), is_seen)
