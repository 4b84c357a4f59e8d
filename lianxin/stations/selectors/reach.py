"""Which union a code means, as seen from one above it."""

from __future__ import annotations

from lianxin.orgs.api import Organisation, organisation_by_code


def union_below(organisation: Organisation, code: str) -> Organisation | None:
    """Return the union of a code at or below another one; without a code that one itself."""
    if not code:
        return organisation
    found = organisation_by_code(code)
    if found is None or not found.path.startswith(organisation.path):
        return None
    return found
