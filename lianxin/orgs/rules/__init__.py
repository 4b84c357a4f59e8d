"""What holds in the union tree, without Django: levels, codes, roles and what they bring."""

from __future__ import annotations

from lianxin.orgs.rules.actors import Actor, HeldPost
from lianxin.orgs.rules.carrying import (
    Carrier,
    Codes,
    Effect,
    organisation_carriers,
    organisation_effects,
)
from lianxin.orgs.rules.changes import (
    Spot,
    close_problem,
    lines_apart,
    merge_problem,
    move_problem,
)
from lianxin.orgs.rules.codes import (
    USCC_ALPHABET,
    division_is_valid,
    industry_is_valid,
    next_in_series,
    number_in_series,
    uscc_check_character,
    uscc_is_valid,
)
from lianxin.orgs.rules.levels import Level, may_stand_below, paths_above
from lianxin.orgs.rules.posts import (
    LONGEST_DEPUTY,
    PROPOSAL_DAYS,
    RESET_HOURS,
    SENSITIVE,
    TOLD_BEFORE,
    go_together,
    is_sensitive,
    may_be_deputised,
    overlap,
    told_before,
)
from lianxin.orgs.rules.roles import (
    ABILITIES,
    ADMINISTRATORS,
    AT_DESK,
    BESIDE,
    HIDDEN_FROM_ABOVE,
    NOT_DEPUTISED,
    PERSONAL,
    Ability,
    Reach,
    Role,
)

__all__ = [
    "ABILITIES",
    "ADMINISTRATORS",
    "AT_DESK",
    "BESIDE",
    "HIDDEN_FROM_ABOVE",
    "LONGEST_DEPUTY",
    "NOT_DEPUTISED",
    "PERSONAL",
    "PROPOSAL_DAYS",
    "RESET_HOURS",
    "SENSITIVE",
    "TOLD_BEFORE",
    "USCC_ALPHABET",
    "Ability",
    "Actor",
    "Carrier",
    "Codes",
    "Effect",
    "HeldPost",
    "Level",
    "Reach",
    "Role",
    "Spot",
    "close_problem",
    "division_is_valid",
    "go_together",
    "industry_is_valid",
    "is_sensitive",
    "lines_apart",
    "may_be_deputised",
    "may_stand_below",
    "merge_problem",
    "move_problem",
    "next_in_series",
    "number_in_series",
    "organisation_carriers",
    "organisation_effects",
    "overlap",
    "paths_above",
    "told_before",
    "uscc_check_character",
    "uscc_is_valid",
]
