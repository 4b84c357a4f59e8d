"""Whom an officer may sign up who asks by telephone or in person."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from lianxin.allocation import policies
from lianxin.allocation.models import Pool
from lianxin.allocation.rules.opening import pool_questions
from lianxin.allocation.selectors.showing import Phase, phase_of
from lianxin.kit.ids import new_id
from lianxin.kit.text import clean
from lianxin.members.api import Member, beginning_of, member_page, members_by_id
from lianxin.orgs.api import Actor

MOST = 24


def people_found(actor: Actor, typed: str) -> list[Member]:
    """Find members by name, pinyin, phone or identity number, among those the officer serves."""
    if not clean(typed):
        return []
    rows = member_page(actor, search=typed).rows
    return [row for row in rows if policies.may_sign_up(actor, row)][:MOST]


def person_of(actor: Actor, member_id: uuid.UUID) -> Member | None:
    """Return a member the officer serves, or None."""
    member = members_by_id([member_id]).get(member_id)
    return member if member and policies.may_sign_up(actor, member) else None


def takes_now(pool: Pool) -> bool:
    """Say whether anybody could sign up, or get in line, this moment."""
    return phase_of(pool) in {Phase.OPEN, Phase.WAITLIST}


def sign_up_view(
    actor: Actor, pool: Pool, member: Member, sent: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return what the officer's form draws: what the pool's app asks, and how the person is reached."""
    asks = pool_questions.get(pool.kind)
    beginning = None if member.account_id else beginning_of(actor, member)
    return {
        "pool": pool,
        "member": member,
        "beginning": beginning,
        "key": str((sent or {}).get("key") or new_id()),
        "size": (sent or {}).get("size") or 1,
        "questions": asks.template if asks else "",
        "asked": asks.context(pool, member.account_id, sent, is_for_other=True) if asks else {},
        "may_take": takes_now(pool) and not (beginning and beginning.hindrance),
    }
