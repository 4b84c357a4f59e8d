"""The door of the union tree."""

from __future__ import annotations

from lianxin.orgs.middleware import Request
from lianxin.orgs.models import Organisation, Post, PostProposal
from lianxin.orgs.policies import below_q, reach_q
from lianxin.orgs.rules import (
    HIDDEN_FROM_ABOVE,
    Ability,
    Actor,
    HeldPost,
    Level,
    Reach,
    Role,
    uscc_is_valid,
)
from lianxin.orgs.selectors import (
    SeatHolder,
    actor_of,
    ancestor_at,
    codes_above,
    holders_at,
    line_of,
    organisation_by_code,
    seats_at,
    subtree_of,
)
from lianxin.orgs.services import (
    deputy_end,
    deputy_name,
    member_counts_add,
    organisation_create,
    post_end,
    post_grant,
    post_set_away,
)

__all__ = [
    "HIDDEN_FROM_ABOVE",
    "Ability",
    "Actor",
    "HeldPost",
    "Level",
    "Organisation",
    "Post",
    "PostProposal",
    "Reach",
    "Request",
    "Role",
    "SeatHolder",
    "actor_of",
    "ancestor_at",
    "below_q",
    "codes_above",
    "deputy_end",
    "deputy_name",
    "holders_at",
    "line_of",
    "member_counts_add",
    "organisation_by_code",
    "organisation_create",
    "post_end",
    "post_grant",
    "post_set_away",
    "reach_q",
    "seats_at",
    "subtree_of",
    "uscc_is_valid",
]
