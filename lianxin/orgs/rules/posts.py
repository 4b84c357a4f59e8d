"""Which posts go together, which need a second person, who may stand in, when a term is told. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from lianxin.orgs.rules.roles import (
    ABILITIES,
    ADMINISTRATORS,
    AT_DESK,
    HIDDEN_FROM_ABOVE,
    Ability,
    Reach,
    Role,
)

# One person proposes them, another confirms (双人授权).
SENSITIVE = ADMINISTRATORS | {
    Role.CHAIR,
    Role.FINANCE,
    Role.COUNSELLOR,
    Role.LAWYER,
    Role.AUDITOR,
}
PROPOSAL_DAYS = 14  # then it lapses, and whoever proposed it is told
RESET_HOURS = 24  # so long an officer's new way in waits for its second person and its handing over
TOLD_BEFORE = (30, 7)  # days before a term ends, to its holder and to whoever gave it
LONGEST_DEPUTY = 366


def is_sensitive(role: Role, reach: Reach) -> bool:
    """Say whether a post needs a second person: by its role, or as it sees the members below too."""
    return role in SENSITIVE or (reach is Reach.BELOW and Ability.MEMBER_VIEW in ABILITIES[role])


def go_together(role: Role, others: Collection[Role]) -> bool:
    """Say whether an account with posts in `others` may hold one in `role` as well.

    An administrator (三员) holds no other post at a desk: none of the three may be two of them, and
    none may come to see what is known of members by a second post.
    """
    at_desk = {other for other in others if other in AT_DESK and other is not role}
    if role in ADMINISTRATORS:
        return not at_desk
    return role not in AT_DESK or not at_desk & ADMINISTRATORS


def may_be_deputised(role: Role) -> bool:
    """Say whether somebody can stand in; not for the administrators, nor for what is told in trust."""
    return role in AT_DESK - ADMINISTRATORS - HIDDEN_FROM_ABOVE


def overlap(
    starts_on: dt.date, ends_on: dt.date | None, other_from: dt.date, other_to: dt.date | None
) -> bool:
    """Say whether two terms share a day; None is an open end."""
    return (ends_on is None or other_from <= ends_on) and (
        other_to is None or starts_on <= other_to
    )


def told_before(ends_on: dt.date, today: dt.date) -> int | None:
    """Return the notice that is due for a term's end, in days before it, or None."""
    left = (ends_on - today).days
    return min((days for days in TOLD_BEFORE if 0 <= left <= days), default=None)
