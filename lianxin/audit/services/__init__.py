"""Writing to the audit trail, and sealing what it was by checkpoints."""

from __future__ import annotations

from lianxin.audit.services.checkpointing import (
    CheckpointError,
    checkpoint_restore,
    checkpoint_write,
)
from lianxin.audit.services.recording import record

__all__ = ["CheckpointError", "checkpoint_restore", "checkpoint_write", "record"]
