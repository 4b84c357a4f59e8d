"""Draws in the demo, one at each stage: somebody can plan, watch, open, read, check and hold again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from lianxin.allocation.api import Audience, Pool, PoolTerms, pool_open
from lianxin.allocation.testing import claim_made
from lianxin.allocation.testing.draws import (
    SIGNATURE,
    Draw,
    DrawPlan,
    PartyPlan,
    Stage,
    draw_plan,
    draw_publish,
    draw_value_read,
    draw_void,
    draw_walk,
    party_commits,
    party_reveals,
    plan_for,
)
from lianxin.catalogue.testing import PLACES, offer_of
from lianxin.kit import clock
from lianxin.kit.testing import StoppedClock, stopped_clock
from tools.demo.people import World

# Finance of the city, its lawyer, an officer of another union, a courier: none arranges places here.
WATCHERS = {
    "qian": "财务人员代表",
    "luo": "法律援助律师",
    "ma": "江湾街道兄弟工会",
    "tang": "新就业形态劳动者代表",
}
APPLIED = ("lin", "zhao", "sun", "wang", "fang")
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """A draw that closed a day after it was published; `ago`: how long since then in hours."""

    name: str
    stage: Stage
    ago: int


PLANS = (
    Plan("春季专场", Stage.PLANNED, 0),
    Plan("骑手夜场", Stage.COLLECTING, 2),
    Plan("周末专场，第一批", Stage.FROZEN, 36),
    Plan("周末专场，第二批", Stage.COMMITTED, 60),
    Plan("女职工专场", Stage.REVEALED, 75),
    Plan("年末专场", Stage.DRAWN, 120),
    Plan("园区专场", Stage.VOID, 40),
)


def load(world: World) -> int:
    """Walk each draw to its stage, by the steps everybody takes."""
    now = clock.now().replace(second=0, microsecond=0)
    for number, plan in enumerate(PLANS):
        with stopped_clock(now - dt.timedelta(hours=plan.ago)) as hands:
            draw = _planned(world, plan, key=f"demo-draw-{number}")
            if plan.stage is not Stage.PLANNED:
                _walked(world, draw, plan.stage, hands)
    return len(PLANS)


def announce(world: World, pool: Pool, *, arranger: str) -> Draw:
    """Plan the draw of a round in which cases take part, and publish its rule."""
    actor = world.actor(arranger)
    draw = draw_plan(actor=actor, pool_id=pool.pk, plan=_plan_for(world, pool))
    return draw_publish(actor=actor, draw_id=draw.pk)


def _planned(world: World, plan: Plan, *, key: str) -> Draw:
    now = clock.now()
    pool = pool_open(
        actor=world.actor("chen"),
        organisation_id=world.organisations["jialing"].pk,
        kind=PLACES,
        object_id=offer_of("health-check").item_id,
        label=key,
        terms=PoolTerms(
            title=f"职工体检 · {plan.name}", place="嘉岭区职工服务中心", capacity=2, method="draw",
            opens_at=now, closes_at=now + DAY, starts_at=now + 30 * DAY,
            audience=Audience.EVERYBODY, series="service:health-check",
        ),
    )  # fmt: skip
    return draw_plan(actor=world.actor("chen"), pool_id=pool.pk, plan=_plan_for(world, pool))


def _plan_for(world: World, pool: Pool, **more: dt.datetime) -> DrawPlan:
    named = [
        PartyPlan(world.accounts[who].pk, world.accounts[who].display_name, capacity)
        for who, capacity in WATCHERS.items()
    ]
    return replace(plan_for(pool, (), **more), parties=named)


def _walked(world: World, draw: Draw, stage: Stage, hands: StoppedClock) -> None:
    arranger = world.actor("chen")
    draw = draw_publish(actor=arranger, draw_id=draw.pk)
    for who in APPLIED:
        claim_made(draw.pool, world.accounts[who].pk)
    draw = draw_walk(draw, hands, Stage.FROZEN if stage is Stage.VOID else stage)
    first = draw.parties.get(number=1)
    match stage:
        case Stage.FROZEN:
            party_commits(draw, first)
        case Stage.COMMITTED:
            party_reveals(draw, first)
        case Stage.REVEALED:
            hands.set(draw.known_at)
            draw_value_read(actor=world.actor("qian"), draw_id=draw.pk, value=SIGNATURE)
        case Stage.VOID:
            hands.move(hours=4)
            draw_void(
                actor=arranger,
                draw_id=draw.pk,
                words="体检车检修，少了一台设备，名额要重新公布。",
            )
            again = _plan_for(world, draw.pool, closes_at=clock.now() + 3 * DAY)
            draw_plan(actor=arranger, pool_id=draw.pool_id, plan=again)
