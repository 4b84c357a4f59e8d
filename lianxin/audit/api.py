"""The door of the audit trail."""

from __future__ import annotations

from lianxin.audit.models import AuditRow
from lianxin.audit.selectors import Breach, breaches, history_of, openings_of, row_count
from lianxin.audit.services import record

__all__ = ["AuditRow", "Breach", "breaches", "history_of", "openings_of", "record", "row_count"]
