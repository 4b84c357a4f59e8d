"""The door of the audit trail."""

from __future__ import annotations

from lianxin.audit.models import AuditRow
from lianxin.audit.selectors import (
    Breach,
    Proof,
    breaches,
    history_of,
    newest,
    openings_of,
    proof_of,
    row_count,
)
from lianxin.audit.services import CheckpointError, checkpoint_write, record

__all__ = [
    "AuditRow", "Breach", "CheckpointError", "Proof", "breaches", "checkpoint_write", "history_of",
    "newest", "openings_of", "proof_of", "record", "row_count",
]  # fmt: skip
