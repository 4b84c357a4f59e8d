"""Who may see what was found for whom: the person herself, nobody else."""

from __future__ import annotations

from lianxin.members.api import Member
from lianxin.orgs.api import Actor


def may_look(actor: Actor, member: Member) -> bool:
    """Only she herself sees what fits her, and decides whether anybody looks."""
    return actor.account_id is not None and actor.account_id == member.account_id
