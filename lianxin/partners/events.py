"""What partners tell."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from lianxin.kit.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class PartnerAdded(Event):
    """Somebody from outside the tree works with a union."""

    partner_id: uuid.UUID
    organisation_id: uuid.UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class PartnerEnded(Event):
    """A partner works with the union no more; its contacts see nothing of it any longer."""

    partner_id: uuid.UUID
