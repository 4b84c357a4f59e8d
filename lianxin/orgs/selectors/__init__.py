"""Reading the tree and the posts in it."""

from __future__ import annotations

from lianxin.orgs.selectors.posts import (
    account_found,
    own_post_rows,
    post_row,
    post_rows,
    proposal_rows,
    union_of,
    unions_for_posts,
)
from lianxin.orgs.selectors.resets import (
    ResetRow,
    own_reset,
    posts_borne,
    reset_of,
    resets_at,
    resetters_of,
)
from lianxin.orgs.selectors.trail import sealed, trail_page
from lianxin.orgs.selectors.tree import (
    SeatHolder,
    actor_of,
    ancestor_at,
    bearers_of,
    codes_above,
    deputy_on,
    granters_of,
    holders_at,
    line_of,
    organisation_by_code,
    seats_at,
    subtree_of,
)
from lianxin.orgs.selectors.unions import (
    affiliates_of,
    affiliations_of,
    children_page,
    effect_of,
    history_of,
    officers_of,
    union_managed,
    unions_found,
)

__all__ = [
    "ResetRow",
    "SeatHolder",
    "account_found",
    "actor_of",
    "affiliates_of",
    "affiliations_of",
    "ancestor_at",
    "bearers_of",
    "children_page",
    "codes_above",
    "deputy_on",
    "effect_of",
    "granters_of",
    "history_of",
    "holders_at",
    "line_of",
    "officers_of",
    "organisation_by_code",
    "own_post_rows",
    "own_reset",
    "post_row",
    "post_rows",
    "posts_borne",
    "proposal_rows",
    "reset_of",
    "resets_at",
    "resetters_of",
    "sealed",
    "seats_at",
    "subtree_of",
    "trail_page",
    "union_managed",
    "union_of",
    "unions_for_posts",
    "unions_found",
]
