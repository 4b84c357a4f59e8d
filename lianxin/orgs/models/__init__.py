"""The union tree, and who holds which post in it."""

from __future__ import annotations

from lianxin.orgs.models.organisation import (
    Affiliation,
    Organisation,
    OrganisationChange,
    name_key,
)
from lianxin.orgs.models.post import Post, PostProposal
from lianxin.orgs.models.reset import OfficerReset

__all__ = [
    "Affiliation",
    "OfficerReset",
    "Organisation",
    "OrganisationChange",
    "Post",
    "PostProposal",
    "name_key",
]
