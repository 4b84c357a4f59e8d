"""Albums: who sees them, what stands in them, who looks after them."""

from __future__ import annotations

import uuid

from django.db.models import F, QuerySet

from lianxin.activities import policies
from lianxin.activities.models import AlbumPicture, Picture, Session
from lianxin.activities.policies import Reader
from lianxin.activities.selectors.pictures import PictureData
from lianxin.allocation.api import Claim, State
from lianxin.files import api as files
from lianxin.kit.paging import Page, page_of
from lianxin.orgs.api import Ability, bearers_of

A_PAGE = 24


def may_see(reader: Reader, session: Session) -> bool:
    """Say whether somebody was there, belongs to the union, or arranges it. One query at most."""
    if policies.is_of_union(reader, session) or policies.may_arrange(reader.actor, session.organisation):  # fmt: skip
        return True
    account_id = reader.actor.account_id
    if session.pool_id is None or account_id is None:
        return False
    held = Claim.objects.filter(pool_id=session.pool_id, state=State.CONFIRMED)
    return held.filter(account_id=account_id).exists()


def album_page(session: Session, after: str | None) -> Page[AlbumPicture]:
    """List the pictures everybody may see who may see the album, a page at a time. One query."""
    rows = AlbumPicture.objects.filter(session=session, hidden_at=None).select_related("picture")
    return page_of(rows, after, size=A_PAGE, order=("added_at", "id"))


def album_of_desk(session: Session) -> list[AlbumPicture]:
    """List all pictures of a session, those somebody asked to take down first. One query."""
    rows = AlbumPicture.objects.filter(session=session).select_related("picture")
    return list(rows.order_by(F("hidden_at").desc(nulls_last=True), "added_at", "pk"))


def has_album(session: Session) -> bool:
    """Say whether there is anything to see. One query."""
    return AlbumPicture.objects.filter(session=session, hidden_at=None).exists()


def album_picture(album_id: uuid.UUID) -> AlbumPicture | None:
    """Return a picture with its session. One query."""
    return _rows().filter(pk=album_id).first()


def is_shown(reader: Reader, row: AlbumPicture) -> bool:
    """Say whether somebody sees a picture: one that is hidden only whoever keeps the album. One query at most."""
    if row.hidden_at is not None:
        return policies.may_arrange(reader.actor, row.session.organisation)
    return may_see(reader, row.session)


def album_data(row: AlbumPicture, size: str) -> PictureData | None:
    """Return the bytes of a picture in the size of a page or of a list."""
    if size not in {Picture.Size.MEDIUM, Picture.Size.SMALL}:
        return None
    return PictureData(files.picture_content(row.picture, size), is_public=False)


def keepers_of(session: Session) -> set[uuid.UUID]:
    """Return who looks after the album: the officers at the nearest level where there is somebody."""
    return next((set(held) for held in bearers_of(Ability.PLACES_MANAGE, session.organisation) if held), set())  # fmt: skip


def _rows() -> QuerySet[AlbumPicture]:
    return AlbumPicture.objects.select_related(
        "session__activity__organisation", "session__organisation", "picture__medium", "picture__small"
    )  # fmt: skip
