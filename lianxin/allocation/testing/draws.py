"""Factories of draws: planned, published, walked through to a stage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from lianxin.accounts.api import User
from lianxin.allocation.models import Draw, DrawParty, Pool
from lianxin.allocation.rules.draws import lock_of
from lianxin.allocation.rules.draws_steps import OVER, Stage, next_step
from lianxin.allocation.services.drawing import (
    DrawPlan,
    PartyPlan,
    draw_plan,
    draw_publish,
    draw_void,
)
from lianxin.allocation.services.drawing_parties import draw_commit, draw_reveal
from lianxin.allocation.services.drawing_results import draw_run, draw_value_read
from lianxin.allocation.services.drawing_steps import draw_step
from lianxin.allocation.testing import pool_make
from lianxin.kit import clock
from lianxin.kit.testing import StoppedClock
from lianxin.orgs.api import Actor, Organisation

__all__ = [
    "SENTENCE", "SIGNATURE", "Draw", "DrawPlan", "PartyPlan", "Stage", "draw_plan", "draw_publish",
    "draw_published", "draw_value_read", "draw_void", "draw_walk", "drawn_pool", "party_commits",
    "party_reveals", "plan_for", "ruled",
]  # fmt: skip

SENTENCE = "信封里的一句话，第 {number} 号，只有我知道。"
SIGNATURE = "b4" * 48  # of a round of the beacon, invented


def drawn_pool(organisation: Organisation, capacity: int = 2, **more: Any) -> Pool:
    """Open a pool whose places are drawn: open now and for a day, takes place a fortnight later."""
    starts_at = clock.now() + dt.timedelta(days=14)
    given = {"starts_at": starts_at, "ends_at": starts_at + dt.timedelta(hours=2)}
    return pool_make(organisation, capacity, method=Pool.Method.DRAW, **(given | more))


def ruled(pool: Pool) -> Pool:
    """Let people apply as where a rule was published before, and its draw was void."""
    pool.ruled_at = pool.opens_at
    pool.save(update_fields=["ruled_at"])
    return pool


def plan_for(pool: Pool, people: Sequence[User], **more: Any) -> DrawPlan:
    """Plan a draw: a day to lock secrets away, a day to open them, then the beacon."""
    day = dt.timedelta(days=1)
    closes_at = more.get("closes_at") or pool.closes_at
    given: dict[str, Any] = {
        "commit_until": closes_at + day,
        "reveal_until": closes_at + 2 * day,
        "known_at": closes_at + 2 * day + dt.timedelta(hours=1),
        "source": "drand",
        "parties": [PartyPlan(one.pk, str(one), f"见证人{n}") for n, one in enumerate(people, 1)],
    }
    return DrawPlan(**(given | more))


def draw_published(pool: Pool, people: Sequence[User], **more: Any) -> Draw:
    """Plan a draw and publish its rule."""
    draw = draw_plan(actor=Actor.system(), pool_id=pool.pk, plan=plan_for(pool, people, **more))
    return draw_publish(actor=Actor.system(), draw_id=draw.pk)


def draw_walk(draw: Draw, clock: StoppedClock, until: Stage, *, typed: str = SIGNATURE) -> Draw:
    """Let time pass and everybody do her part, up to a stage."""
    draw = draw_step(draw.pk)
    while draw.standing is not until and draw.standing not in OVER:
        if draw.standing is Stage.REVEALED:
            clock.set(max(clock.at, draw.known_at))
            for party in list(draw.parties.all())[:2]:
                actor = Actor(account_id=party.account_id)
                draw_value_read(actor=actor, draw_id=draw.pk, value=typed)
            draw_run(draw_id=draw.pk)
        else:
            _all_do_their_part(draw)
            due = next_step(draw.standing, draw.moments)
            clock.set(max(clock.at, due[1] if due else clock.at))
        draw = draw_step(draw.pk)
    return draw


def _all_do_their_part(draw: Draw) -> None:
    for party in draw.parties.all():
        if draw.standing is Stage.FROZEN:
            party_commits(draw, party)
        if draw.standing is Stage.COMMITTED and party.lock:
            party_reveals(draw, party)


def party_commits(draw: Draw, party: DrawParty) -> None:
    """Let a party lock her secret away."""
    locked = lock_of(draw.seal, party.number, SENTENCE.format(number=party.number))
    draw_commit(actor=Actor(account_id=party.account_id), draw_id=draw.pk, lock=locked)


def party_reveals(draw: Draw, party: DrawParty) -> None:
    """Let a party open her secret."""
    secret = SENTENCE.format(number=party.number)
    draw_reveal(actor=Actor(account_id=party.account_id), draw_id=draw.pk, secret=secret)
