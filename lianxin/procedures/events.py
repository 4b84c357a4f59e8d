"""What procedures tell the storeys above."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from lianxin.kit.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class DossierSubmitted(Event):
    """A dossier began its way (a helped one: once the person confirmed)."""

    dossier_id: uuid.UUID
    code: str
    applicant_id: uuid.UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class DossierMoved(Event):
    """Something happened to a dossier: the line `seq` was added to its timeline."""

    dossier_id: uuid.UUID
    verb: str
    state: str
    seq: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DossierDecided(Event):
    """A dossier was decided: outcome `granted` or `refused`; money in fen, if any."""

    dossier_id: uuid.UUID
    code: str
    applicant_id: uuid.UUID | None
    outcome: str
    tier: str
    amount_fen: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class DossierClosed(Event):
    """A dossier came to its end, with its last outcome."""

    dossier_id: uuid.UUID
    code: str
    applicant_id: uuid.UUID | None
    outcome: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentRecorded(Event):
    """The bank said that a payment arrived."""

    payment_id: uuid.UUID
    dossier_id: uuid.UUID
    amount_fen: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentReturned(Event):
    """The bank sent a payment back; the person is asked for the right account."""

    payment_id: uuid.UUID
    dossier_id: uuid.UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class DossierRated(Event):
    """A person said how she found it; `needs_repair` after a bad rating."""

    dossier_id: uuid.UUID
    level: int
    needs_repair: bool
