"""The union tree, and who holds which post in it."""

from __future__ import annotations

from lianxin.orgs.models.organisation import Organisation
from lianxin.orgs.models.post import Post, PostProposal

__all__ = ["Organisation", "Post", "PostProposal"]
