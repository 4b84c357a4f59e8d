"""The door of eligibility: which policies there are, and what was found for whom."""

from __future__ import annotations

from lianxin.eligibility.models import Outcome, PolicyVersion
from lianxin.eligibility.rules.opening import proposal_links, service_links
from lianxin.eligibility.selectors.answers import Explained, Knowledge, explain_for, outcomes_of
from lianxin.eligibility.selectors.asking import RuleAnswer, rule_faults, rule_words, rules_asked
from lianxin.eligibility.services import (
    Loaded,
    outcomes_recompute,
    policies_load,
    proposal_follow,
)

__all__ = [
    "Explained", "Knowledge", "Loaded", "Outcome", "PolicyVersion", "RuleAnswer", "explain_for", "outcomes_of",
    "outcomes_recompute", "policies_load", "proposal_follow", "proposal_links", "rule_faults", "rule_words",
    "rules_asked", "service_links",
]  # fmt: skip
