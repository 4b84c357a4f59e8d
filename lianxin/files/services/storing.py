"""Taking an upload in: judged by its content, made harmless, sealed."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.files import conf, rules
from lianxin.files.adapters import disk
from lianxin.files.models import StoredFile
from lianxin.files.rules import Fault, Kind
from lianxin.files.selectors import unclaimed_of
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.ids import new_id
from lianxin.kit.slots import Slot
from lianxin.kit.transactions import atomic
from lianxin.vault import api as vault


@dataclass(frozen=True, slots=True)
class Purpose:
    """What may be sent for a purpose; without an entry pictures and PDF."""

    kinds: frozenset[Kind] = frozenset({Kind.IMAGE, Kind.PDF})


purposes: Slot[Purpose] = Slot(
    "file_purposes", purpose="Which kinds of file may be sent for a purpose"
)


def file_store(
    *,
    actor_id: uuid.UUID,
    upload: UploadedFile[Any],
    purpose: str,
    subject_id: uuid.UUID | None = None,
) -> StoredFile:
    """Keep an upload, unclaimed, for 24 hours.

    `subject_id` is the account whose data it is, if it is not the sender's own.

    Raises:
        RefusedError: empty, too large, too many, broken, or of a kind that is not taken.
    """
    if unclaimed_of(actor_id).count() >= conf.MOST_UNCLAIMED:
        raise RefusedError(
            _("You have sent many files that belong to nothing yet. Please send the form first.")
        )
    data, kind = _harmless(_read(upload), purposes.get(purpose) or Purpose())
    file = StoredFile(
        id=new_id(),
        owner_id=actor_id,
        subject_id=subject_id or actor_id,
        purpose=purpose,
        name=rules.clean_name(upload.name or "", kind),
        kind=kind,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        created_at=clock.now(),
    )
    # Content before row: a row never lacks its content. A content without a row is swept away.
    disk.write(file.pk, vault.seal_bytes(data, bound_to=vault.place_of(file, "content")))
    with atomic():
        file.save(force_insert=True)
        audit.record(
            actor_id=actor_id,
            action="file.stored",
            kind="file",
            object_id=file.pk,
            subject_id=file.subject_id,
            purpose=purpose,
        )
    return file


def picture_keep(
    *,
    upload: UploadedFile[Any],
    purpose: str,
    object_kind: str,
    object_id: uuid.UUID,
    expires_at: dt.datetime,
) -> StoredFile:
    """Keep a picture somebody without an account sent, for an object, until it expires.

    It is painted anew like every picture: nothing of place, time or camera is left in it. It belongs
    to its object alone; no account is written down.

    Raises:
        RefusedError: no picture, or an empty, broken or too large one.
    """
    data, kind = _harmless(_read(upload), Purpose(frozenset({Kind.IMAGE})))
    kept = StoredFile(
        id=new_id(),
        owner_id=object_id,
        subject_id=object_id,
        purpose=purpose,
        name=rules.clean_name("", kind),
        kind=kind,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        object_kind=object_kind,
        object_id=object_id,
        created_at=clock.now(),
        expires_at=expires_at,
    )
    disk.write(kept.pk, vault.seal_bytes(data, bound_to=vault.place_of(kept, "content")))
    with atomic():
        kept.save(force_insert=True)
        audit.record(
            actor_id=None, action="file.stored", kind="file", object_id=kept.pk, purpose=purpose
        )
    return kept


def _read(upload: UploadedFile[Any]) -> bytes:
    if (upload.size or 0) > conf.LARGEST:
        raise _too_large()
    upload.seek(0)
    data: bytes = upload.read(conf.LARGEST + 1)
    if len(data) > conf.LARGEST:
        raise _too_large()
    return data


def _harmless(data: bytes, purpose: Purpose) -> tuple[bytes, Kind]:
    kind = rules.kind_of(data)
    if isinstance(kind, Fault):
        raise RefusedError(_sentence(kind, purpose))
    if kind not in purpose.kinds:
        raise RefusedError(_sentence(Fault.UNKNOWN, purpose))
    return (_repainted(data), kind) if kind is Kind.IMAGE else (data, kind)


def _repainted(data: bytes) -> bytes:
    # Pillow is heavy: it stays out of the web worker until the first picture comes.
    from lianxin.files.adapters import pictures  # noqa: PLC0415

    try:
        return pictures.repaint(data)
    except pictures.PictureError as error:
        if error.is_too_large:
            raise RefusedError(
                _(
                    "This picture has too many pixels for us. Please send a smaller one or a screenshot of it."
                )
            ) from error
        raise RefusedError(
            _("This picture arrived broken. Please open it on your phone, and send it once more.")
        ) from error


def _too_large() -> RefusedError:
    return RefusedError(
        _(
            "This file is larger than 10 MB. Please send a smaller one, for example a photo of the page."
        )
    )


def _sentence(fault: Fault, purpose: Purpose) -> str:
    if fault is Fault.EMPTY:
        return _("This file is empty. Please choose it once more.")
    if fault is Fault.HEIC:
        return _(
            "This photo is in the HEIC format, which many computers cannot open. Take a screenshot of it and send that; or on the iPhone choose Settings, Camera, Formats, Most Compatible, and take it again."
        )
    if fault is Fault.BROKEN:
        return _("This file arrived broken or only in part. Please send it once more.")
    if fault is Fault.MACRO:
        return _(
            "This file holds a program (a macro), which we do not take. Please save it as PDF."
        )
    if purpose.kinds & {Kind.DOCX, Kind.XLSX}:
        return _(
            "We cannot take this kind of file. Please send a photo (JPEG, PNG), a PDF, or a Word or Excel file."
        )
    return _("We cannot take this kind of file. Please send a photo (JPEG, PNG) or a PDF.")
