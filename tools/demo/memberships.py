"""Memberships of the demo: cards in pockets, a transfer that waits for its union, people entered twice."""

from __future__ import annotations

from lianxin.catalogue.testing import applied
from lianxin.jobs import api as jobs
from lianxin.members.api import member_create
from lianxin.members.testing import birth_of, card_shown, invented_id_number
from lianxin.orgs.testing import PEOPLE, invented_phone
from tools.demo.people import World

WITH_CARDS = ("lin", "zhao", "wang")
SERIALS = {key: serial for serial, (key, *_rest) in enumerate(PEOPLE, start=1)}
# Entered once more by another paper: the same phone and name.
TWICE = (("zhao", "ma", "riverside", 861), ("lin", "wang", "yangtze", 862))


def load(world: World) -> int:
    """Give out cards, send a transfer, enter two people twice."""
    for key in WITH_CARDS:
        card_shown(world.actor(key))
    applied(
        world.actor("zhao"), "membership-transfer",
        typed={"to_union": "JZ-JL-BC-001", "reason": "new_job"},
    )  # fmt: skip
    for key, officer, union, serial in TWICE:
        member_create(
            actor=world.actor(officer),
            organisation=world.organisations[union],
            name=world.members[key].name,
            id_number=invented_id_number(birth_of(key), serial),
            phone=invented_phone(SERIALS[key]),
            employer_name=world.members[key].employer_name,
        )
    jobs.run_due()
    return len(TWICE)
