"""Opening what is sealed for somebody, with a trace of each opening."""

from __future__ import annotations

import uuid

from django.db import models

from lianxin.audit import api as audit
from lianxin.kit.transactions import atomic
from lianxin.vault.adapters.sealing import open_text, place_of

OPENED = "vault.opened"


def reveal(row: models.Model, field: str) -> str:
    """Open a field for the machine's own use; no person may see the result."""
    value = getattr(row, field)
    if value is None or isinstance(value, str):
        return value or ""
    return open_text(value.token, bound_to=place_of(row, field))


def open_sealed(
    row: models.Model,
    field: str,
    *,
    actor_id: uuid.UUID | None,
    purpose: str,
    subject_id: uuid.UUID | None,
) -> str:
    """Open a field for a person, and leave a trace its subject can see.

    Raises:
        BrokenSealError: the value was altered or moved.
    """
    text = reveal(row, field)
    with atomic():
        note_opening(
            actor_id=actor_id,
            kind=row._meta.label,
            object_id=row.pk,
            fields=[field],
            purpose=purpose,
            subject_id=subject_id,
        )
    return text


def note_opening(
    *,
    actor_id: uuid.UUID | None,
    kind: str,
    object_id: uuid.UUID | str | int,
    fields: list[str],
    purpose: str,
    subject_id: uuid.UUID | None,
) -> None:
    """Leave the trace of an opening; one's own look at one's own data leaves none."""
    if actor_id is not None and actor_id == subject_id:
        return
    audit.record(
        actor_id=actor_id,
        action=OPENED,
        kind=kind,
        object_id=object_id,
        subject_id=subject_id,
        purpose=purpose,
        detail={"fields": fields},
    )
