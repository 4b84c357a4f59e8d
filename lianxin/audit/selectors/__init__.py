"""Reading the audit trail, and proving it whole."""

from __future__ import annotations

from lianxin.audit.selectors.checkpoints import Ledger, ledger_read, newest
from lianxin.audit.selectors.reading import (
    OPENED,
    history_of,
    openings_of,
    row_count,
    rows_after,
)
from lianxin.audit.selectors.verifying import (
    Breach,
    Proof,
    Report,
    breaches,
    proof_of,
    trail_verify,
)

__all__ = [
    "OPENED", "Breach", "Ledger", "Proof", "Report", "breaches", "history_of", "ledger_read",
    "newest", "openings_of", "proof_of", "row_count", "rows_after", "trail_verify",
]  # fmt: skip
