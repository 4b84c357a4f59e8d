"""Pictures that pages show: judged, kept in three sizes, copied, let go. For each app in a table of its own."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile

from lianxin.files.adapters.copies import copies_of
from lianxin.files.models import AbstractPicture, StoredFile
from lianxin.files.rules import Kind
from lianxin.files.services.keeping import claim, object_erase
from lianxin.files.services.parts import file_keep, file_parts
from lianxin.files.services.storing import file_store
from lianxin.kit.ids import new_id
from lianxin.kit.transactions import atomic

P = TypeVar("P", bound=AbstractPicture)


def picture_make(
    table: type[P], *, actor_id: uuid.UUID, upload: UploadedFile[Any], alt: str, purpose: str
) -> P:
    """Judge an upload, paint its copies, keep all three as a row of this table.

    Raises:
        RefusedError: it is no picture, or too large, or broken.
    """
    large = file_store(actor_id=actor_id, upload=upload, purpose=purpose)
    return _kept(table, large, key=new_id(), actor_id=actor_id, alt=alt)


@contextmanager
def picture_new(table: type[P], **given: Any) -> Iterator[P]:
    """Make a picture (see `picture_make`) for the block that puts it somewhere; if that fails it goes again.

    It is painted outside the block's transaction, since that takes a second.
    """
    made = picture_make(table, **given)
    try:
        yield made
    except BaseException:
        picture_drop(made, actor_id=given["actor_id"])
        raise


def picture_copy(picture: P, *, actor_id: uuid.UUID) -> P:
    """Keep the same picture once more, so that each can be let go by itself."""
    key, table = new_id(), type(picture)
    data = b"".join(file_parts(picture.large))
    named: dict[str, Any] = {"actor_id": actor_id, "key": key, "purpose": picture.large.purpose}
    large = _part(table, data, size="large", **named)
    return _kept(table, large, key=key, actor_id=actor_id, alt=picture.alt)


def picture_drop(picture: AbstractPicture, *, actor_id: uuid.UUID | None) -> None:
    """Let a picture go with all its sizes."""
    object_erase(_kind(type(picture)), picture.pk, actor_id=actor_id)
    picture.delete()


def picture_content(picture: AbstractPicture, size: str) -> bytes:
    """Return one size of a picture, for the machine to send on."""
    return b"".join(file_parts(getattr(picture, size)))


def _kept(table: type[P], large: StoredFile, *, key: uuid.UUID, actor_id: uuid.UUID, alt: str) -> P:
    """Paint the copies of a large picture, and give all three to the row of this key."""
    copies = copies_of(b"".join(file_parts(large)))
    named: dict[str, Any] = {"actor_id": actor_id, "key": key, "purpose": large.purpose}
    with atomic():
        claim([large], object_kind=_kind(table), object_id=key)
        made: P = table._default_manager.create(
            id=key,
            alt=alt,
            width=copies.width,
            height=copies.height,
            large=large,
            medium=_part(table, copies.medium, size="medium", **named),
            small=_part(table, copies.small, size="small", **named),
        )
        return made


def _part(
    table: type[AbstractPicture],
    data: bytes,
    *,
    actor_id: uuid.UUID,
    key: uuid.UUID,
    purpose: str,
    size: str,
) -> StoredFile:
    return file_keep(
        actor_id=actor_id,
        file=io.BytesIO(data),
        name=f"{size}.jpg",
        kind=Kind.IMAGE,
        purpose=purpose,
        object_kind=_kind(table),
        object_id=key,
    )


def _kind(table: type[AbstractPicture]) -> str:
    return table._meta.label_lower
