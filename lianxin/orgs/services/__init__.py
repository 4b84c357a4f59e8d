"""What changes the union tree and the posts in it."""

from __future__ import annotations

from lianxin.orgs.services.deputies import deputy_end, deputy_name
from lianxin.orgs.services.posts import post_end, post_grant, post_set_away
from lianxin.orgs.services.proposals import (
    deputy_propose,
    post_propose,
    proposal_confirm,
    proposal_refuse,
    proposals_lapse,
)
from lianxin.orgs.services.terms import terms_watch
from lianxin.orgs.services.tree import member_counts_add, organisation_create

__all__ = [
    "deputy_end",
    "deputy_name",
    "deputy_propose",
    "member_counts_add",
    "organisation_create",
    "post_end",
    "post_grant",
    "post_propose",
    "post_set_away",
    "proposal_confirm",
    "proposal_refuse",
    "proposals_lapse",
    "terms_watch",
]
