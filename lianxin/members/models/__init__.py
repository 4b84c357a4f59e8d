"""Real-name members, what is known about them, who is family, and what they agreed to."""

from __future__ import annotations

from lianxin.members.models.closing import Closing
from lianxin.members.models.exports import ExportedMember, MemberExport
from lianxin.members.models.imports import ImportMark, ImportRejection, ImportRun
from lianxin.members.models.known import Consent, Fact, Relative
from lianxin.members.models.member import Member
from lianxin.members.models.membership import (
    Card,
    HistoryError,
    MembershipEvent,
    Suspicion,
    Transfer,
)

__all__ = [
    "Card",
    "Closing",
    "Consent",
    "ExportedMember",
    "Fact",
    "HistoryError",
    "ImportMark",
    "ImportRejection",
    "ImportRun",
    "Member",
    "MemberExport",
    "MembershipEvent",
    "Relative",
    "Suspicion",
    "Transfer",
]  # fmt: skip
