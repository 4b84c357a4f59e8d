"""What notices tell the storeys above."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from lianxin.kit.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeEnded(Event):
    """A notice ran its days for one object and is no longer shown."""

    notice_id: uuid.UUID
    object_kind: str
    object_id: uuid.UUID
    had_objections: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectionLodged(Event):
    """Somebody objected under their real name to one line of a running notice."""

    notice_id: uuid.UUID
    objection_id: uuid.UUID
    object_kind: str
    object_id: uuid.UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectionSettled(Event):
    """An officer answered an objection."""

    notice_id: uuid.UUID
    objection_id: uuid.UUID
    object_kind: str
    object_id: uuid.UUID
    was_upheld: bool
