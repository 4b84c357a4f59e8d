"""Where allocation shows itself."""

from __future__ import annotations

from lianxin.allocation.services.privacy import account_erase, account_export
from lianxin.members.api import ErasePart, ExportPart, privacy_erase, privacy_export


def fill() -> None:
    """Fill the slots; called once by apps.py."""
    tables = ("allocation.Claim",)
    privacy_export.fill(
        "allocation",
        ExportPart(tables=tables, read=lambda person: account_export(person.account_id)),
    )
    privacy_erase.fill(
        "allocation",
        ErasePart(tables=tables, erase=lambda person: account_erase(person.account_id)),
    )
