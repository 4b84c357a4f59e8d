"""Writes: policies taken in, written and published, outcomes found anew, looking refused, objections."""

from __future__ import annotations

from lianxin.eligibility.services.drafting import draft_begin, draft_drop, draft_save
from lianxin.eligibility.services.effect import (
    EFFECT_COUNT,
    effect_begin,
    effect_cancel,
    effect_show,
    effect_step,
)
from lianxin.eligibility.services.ending import end_ask, version_end, version_keep
from lianxin.eligibility.services.loading import (
    RECOMPUTE_ALL,
    Loaded,
    policies_load,
    versions_turn,
)
from lianxin.eligibility.services.objecting import (
    objection_answer,
    objection_lodge,
    objection_open,
    objection_read_own,
    objections_export,
    objections_remind,
)
from lianxin.eligibility.services.proposing import (
    proposal_answer,
    proposal_begin,
    proposal_follow,
    proposal_invite,
    proposals_show,
)
from lianxin.eligibility.services.publishing import (
    VERSIONS_TURN,
    draft_publish,
    draft_return,
    draft_submit,
    draft_withdraw,
)
from lianxin.eligibility.services.recomputing import (
    RECOMPUTE_IMPORTED,
    batch_recompute,
    imported_recompute,
    outcomes_recompute,
)
from lianxin.eligibility.services.refusing import look_allow, look_refuse
from lianxin.eligibility.services.replaying import replay_note

__all__ = [
    "EFFECT_COUNT", "RECOMPUTE_ALL", "RECOMPUTE_IMPORTED", "VERSIONS_TURN", "Loaded", "batch_recompute", "draft_begin",
    "draft_drop", "draft_publish", "draft_return", "draft_save", "draft_submit", "draft_withdraw",
    "effect_begin", "effect_cancel", "effect_show", "effect_step", "end_ask", "imported_recompute", "look_allow", "look_refuse", "objection_answer", "objection_lodge", "objection_open",
    "objection_read_own", "objections_export", "objections_remind",
    "outcomes_recompute", "policies_load", "proposal_answer", "proposal_begin", "proposal_follow", "proposal_invite", "proposals_show", "replay_note", "version_end", "version_keep", "versions_turn",
]  # fmt: skip
