"""What changes the union tree and the posts in it."""

from __future__ import annotations

from lianxin.orgs.services.carrying import change_run, change_step, changes_resume
from lianxin.orgs.services.changing import (
    PROBLEMS,
    affiliation_add,
    affiliation_end,
    change_cancel,
    organisation_close,
    organisation_describe,
    organisation_merge,
    organisation_move,
    organisation_rename,
    problem_of,
)
from lianxin.orgs.services.checking import TreeReport, tree_check
from lianxin.orgs.services.deputies import deputy_end, deputy_name
from lianxin.orgs.services.posts import post_end, post_grant, post_set_away
from lianxin.orgs.services.proposals import (
    deputy_propose,
    post_propose,
    proposal_confirm,
    proposal_refuse,
    proposals_lapse,
)
from lianxin.orgs.services.resets import (
    RUNNING,
    reset_ask,
    reset_confirm,
    reset_hand,
    reset_refuse,
    resets_lapse,
)
from lianxin.orgs.services.terms import terms_watch
from lianxin.orgs.services.tree import (
    Details,
    founding_hindrance,
    member_counts_add,
    organisation_create,
    organisation_found,
)

__all__ = [
    "PROBLEMS",
    "RUNNING",
    "Details",
    "TreeReport",
    "affiliation_add",
    "affiliation_end",
    "change_cancel",
    "change_run",
    "change_step",
    "changes_resume",
    "deputy_end",
    "deputy_name",
    "deputy_propose",
    "founding_hindrance",
    "member_counts_add",
    "organisation_close",
    "organisation_create",
    "organisation_describe",
    "organisation_found",
    "organisation_merge",
    "organisation_move",
    "organisation_rename",
    "post_end",
    "post_grant",
    "post_propose",
    "post_set_away",
    "problem_of",
    "proposal_confirm",
    "proposal_refuse",
    "proposals_lapse",
    "reset_ask",
    "reset_confirm",
    "reset_hand",
    "reset_refuse",
    "resets_lapse",
    "terms_watch",
    "tree_check",
]
