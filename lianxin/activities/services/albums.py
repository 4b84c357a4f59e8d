"""Albums: pictures added, hidden at once when somebody asks, looked at by an officer, let go after a year."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.activities import policies
from lianxin.activities.constants import ALBUM_PURPOSE
from lianxin.activities.models import AlbumPicture, Picture, Session
from lianxin.activities.selectors.albums import keepers_of
from lianxin.activities.services.holding import noted
from lianxin.files import api as files
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.notify.api import notify
from lianxin.orgs.api import Actor

AT_A_TIME = 6
MOST = 60
KEPT = dt.timedelta(days=365)
AT_ONCE = 100


def pictures_add(
    *,
    actor: Actor,
    session_id: uuid.UUID,
    uploads: Sequence[UploadedFile[Any]],
    alt: str,
    has_agreed: bool,
    key: str,
) -> int:
    """Add pictures of a session; return how many were new. The same form again adds none.

    Raises:
        ForbiddenError: not for this organisation.
        RefusedError: nobody was asked, nothing is said of what they show, too many, or no pictures.
        StaleError: it has not begun, or was called off.
    """
    session = _arranged(actor, session_id)
    _check(session, uploads, alt=clean(alt), has_agreed=has_agreed, key=key)
    if actor.account_id is None:
        raise ForbiddenError(_("You do not arrange activities for this organisation."))
    added = 0
    for number, upload in enumerate(uploads):
        mine = f"{key}:{number}"
        if AlbumPicture.objects.filter(session=session, key=mine).exists():
            continue
        # Painted anew outside the transaction: it takes a second, and nobody should wait for it.
        made = files.picture_make(Picture, actor_id=actor.account_id, upload=upload, alt=clean(alt)[:120], purpose=ALBUM_PURPOSE)  # fmt: skip
        with atomic():
            row, is_new = AlbumPicture.objects.get_or_create(
                session=session, key=mine, defaults={"picture": made, "added_by_id": actor.account_id}
            )  # fmt: skip
            if is_new:
                noted(actor, session.activity, "picture_added", session=str(session.pk), picture=str(row.pk))  # fmt: skip
            else:
                files.picture_drop(made, actor_id=actor.account_id)
        added += is_new
    return added


def picture_hide(*, actor: Actor, account_id: uuid.UUID, album_id: uuid.UUID) -> None:
    """Hide a picture at once because somebody asks to take it down; whoever keeps the album is told.

    Again changes nothing. Whether she may see it is asked before.

    Raises:
        StaleError: an officer looked at it after she asked and showed it again; a person helps her on.
    """
    with atomic():
        row = _held(album_id)
        if row.hidden_at is not None:
            return
        if row.hidden_by_id == account_id:
            raise StaleError(_("Somebody looked at it after you asked. Please call %(who)s, so that you can talk about it: %(phone)s.") % _contact(row.session))  # fmt: skip
        row.hidden_at, row.hidden_by_id = clock.now(), account_id
        row.save(update_fields=["hidden_at", "hidden_by"])
        noted(actor, row.session.activity, "picture_hidden", session=str(row.session_id), picture=str(row.pk))  # fmt: skip
        for keeper in keepers_of(row.session):
            notify(
                account_id=keeper,
                kind="activity.picture_hidden",
                title=gettext_lazy("A picture should be taken down"),
                body=gettext_lazy("Nobody sees it any more. Please look, and let it go or show it again."),
                url=reverse("activities:desk_album", args=[row.session_id]),
                key=f"picture_hidden:{row.pk}:{row.hidden_at.isoformat()}",
            )  # fmt: skip


def picture_show(*, actor: Actor, album_id: uuid.UUID) -> None:
    """Show a picture again after one looked and spoke with whom it shows; again changes nothing.

    Raises:
        ForbiddenError: not for this organisation.
    """
    with atomic():
        row = _held(album_id)
        _may(actor, row.session)
        if row.hidden_at is None:
            return
        row.hidden_at = None
        row.save(update_fields=["hidden_at"])
        noted(actor, row.session.activity, "picture_shown", session=str(row.session_id), picture=str(row.pk))  # fmt: skip


def picture_let_go(*, actor: Actor, album_id: uuid.UUID) -> None:
    """Let a picture go for good, with all its sizes; again changes nothing.

    Raises:
        ForbiddenError: not for this organisation.
    """
    with atomic():
        row = _rows().select_for_update(of=("self",)).filter(pk=album_id).first()
        if row is None:
            return
        _may(actor, row.session)
        _drop(actor, row)


def albums_forget() -> int:
    """Let go the pictures of what is over for a year; return how many. Again changes nothing."""
    before = clock.now() - KEPT
    due = _rows().filter(session__ends_at__lt=before).order_by("pk")[:AT_ONCE]
    for row in due:
        with atomic():
            _drop(Actor.system(), row)
    return len(due)


def _drop(actor: Actor, row: AlbumPicture) -> None:
    noted(actor, row.session.activity, "picture_let_go", session=str(row.session_id), picture=str(row.pk))  # fmt: skip
    picture = row.picture
    row.delete()
    files.picture_drop(picture, actor_id=actor.account_id)


def _check(
    session: Session, uploads: Sequence[Any], *, alt: str, has_agreed: bool, key: str
) -> None:
    if session.is_off or not session.has_begun:
        raise StaleError(_("Pictures are added once it has begun."))
    if not uploads:
        raise RefusedError(_("Please choose a picture."), field="uploads")
    if len(uploads) > AT_A_TIME:
        raise RefusedError(_("At most six at a time, please."), field="uploads")
    if not alt:
        raise RefusedError(_("Say what the picture shows, for those who cannot see it."), field="alt")  # fmt: skip
    if not has_agreed:
        raise RefusedError(_("Please ask the people shown first, and leave out whoever would rather not."), field="has_agreed")  # fmt: skip
    others = session.album.exclude(key__startswith=f"{key}:")  # not those this form has brought
    if others.count() + len(uploads) > MOST:
        raise RefusedError(_("Sixty pictures are enough for one album. Let some go first."), field="uploads")  # fmt: skip


def _arranged(actor: Actor, session_id: uuid.UUID) -> Session:
    session = Session.objects.select_related("activity__organisation", "organisation").get(pk=session_id)  # fmt: skip
    _may(actor, session)
    return session


def _may(actor: Actor, session: Session) -> None:
    if not policies.may_arrange(actor, session.organisation):
        raise ForbiddenError(_("You do not arrange activities for this organisation."))


def _rows() -> Any:
    return AlbumPicture.objects.select_related("session__activity__organisation", "session__organisation", "picture")  # fmt: skip


def _held(album_id: uuid.UUID) -> AlbumPicture:
    found: AlbumPicture = _rows().select_for_update(of=("self",)).get(pk=album_id)
    return found


def _contact(session: Session) -> dict[str, str]:
    return {"who": session.activity.contact_name, "phone": session.activity.contact_phone}
