"""Places of services in the demo: the van for check-ups, classes for children, invented like all of it."""

from __future__ import annotations

import datetime as dt

from lianxin.allocation.testing import claim_made
from lianxin.catalogue.testing import PlacesGiven, offer_of, places_open
from lianxin.kit import clock
from tools.demo import draws
from tools.demo.people import World

# Their places are drawn among cases: the list closes well before it begins.
DRAWN = ("childcare-place", "education-subsidy")
# Service, who gives them, for which union, what tells them from others, where, how many, in days.
GIVEN = (
    ("health-check", "wang", "yangtze", "东门体检车，第一批", "扬子机械厂东门停车场", 40, 9),
    ("health-check", "chen", "jialing", "周末骑手专场", "嘉岭区职工服务中心门口", 60, 12),
    ("health-check", "zhou", "city", "“两癌”筛查车进园区", "嘉州高新区会展广场", 2, 15),
    (DRAWN[0], "chen", "jialing", "寒假第一期", "嘉岭区工人文化宫二楼", 30, 40),
    (DRAWN[1], "zhou", "city", "第一批", "", 200, 45),
)


def load(world: World) -> int:
    """Open them; in one all are taken, so that its waiting list shows."""
    for number, (code, officer, union, name, place, capacity, days) in enumerate(GIVEN):
        starts_at = clock.now().replace(hour=1, minute=0, second=0) + dt.timedelta(days=days)
        pool = places_open(
            actor=world.actor(officer),
            offer=offer_of(code),
            organisation_id=world.organisations[union].pk,
            given=PlacesGiven(
                name=name, place=place, capacity=capacity, starts_at=starts_at,
                closes_at=starts_at - dt.timedelta(days=12 if code in DRAWN else 2),
            ),
            key=f"demo-{number}",
        )  # fmt: skip
        if code in DRAWN:
            draws.announce(world, pool, arranger=officer)
        if capacity == 2:
            for key in ("sun", "zhao", "ma"):
                claim_made(pool, world.accounts[key].pk)
    return len(GIVEN)
