"""What activities tell."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from lianxin.kit.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityPublished(Event):
    """An activity can be seen, and people sign up for its sessions."""

    activity_id: uuid.UUID
    organisation_id: uuid.UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionChanged(Event):
    """When, where or what it costs is different now; everybody who signed up is told."""

    session_id: uuid.UUID
    revision: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionCalledOff(Event):
    """A session does not take place."""

    session_id: uuid.UUID
    organisation_id: uuid.UUID
