"""The arithmetic of the trail: the chain of a shard, the tree over it, and what a checkpoint says."""

from __future__ import annotations

from lianxin.audit.rules.chain import COVERED, content, digest, moment
from lianxin.audit.rules.checkpoint import (
    Checkpoint,
    Mark,
    NotACheckpointError,
    line_hash,
    marks_that_hold,
)
from lianxin.audit.rules.merkle import Prover, Tree, proves

__all__ = [
    "COVERED", "Checkpoint", "Mark", "NotACheckpointError", "Prover", "Tree", "content", "digest",
    "line_hash", "marks_that_hold", "moment", "proves",
]  # fmt: skip
