"""What changes the union tree and the posts in it."""

from __future__ import annotations

from lianxin.orgs.services.posts import post_end, post_grant, post_set_away
from lianxin.orgs.services.tree import member_counts_add, organisation_create

__all__ = [
    "member_counts_add",
    "organisation_create",
    "post_end",
    "post_grant",
    "post_set_away",
]
