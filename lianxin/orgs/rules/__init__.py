"""What holds in the union tree, without Django: levels, codes, roles and what they bring."""

from __future__ import annotations

from lianxin.orgs.rules.codes import USCC_ALPHABET, uscc_check_character, uscc_is_valid
from lianxin.orgs.rules.levels import Level, may_stand_below, paths_above
from lianxin.orgs.rules.roles import (
    ABILITIES,
    HIDDEN_FROM_ABOVE,
    SENSITIVE,
    Ability,
    Actor,
    HeldPost,
    Reach,
    Role,
)

__all__ = [
    "ABILITIES",
    "HIDDEN_FROM_ABOVE",
    "SENSITIVE",
    "USCC_ALPHABET",
    "Ability",
    "Actor",
    "HeldPost",
    "Level",
    "Reach",
    "Role",
    "may_stand_below",
    "paths_above",
    "uscc_check_character",
    "uscc_is_valid",
]
