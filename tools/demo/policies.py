"""Policies of the demo, and what Lin has told that makes some of them fit her."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management import call_command

from lianxin.eligibility.api import outcomes_recompute
from lianxin.members.api import fact_save
from tools.demo.people import World

TOLD: dict[str, Any] = {
    "household_income_fen": 5_400_000, "rigid_expense_fen": 600_000, "owns_second_home": False,
    "is_front_line": True, "contract_months": 40, "diploma": "college", "diploma_on": dt.date(2026, 1, 10),
}  # fmt: skip


def policies(world: World) -> None:
    """Take in the sample policies; one fits Lin, and one would if she answered one question."""
    for name, value in TOLD.items():
        fact_save(
            actor=world.actor("lin"),
            member_id=world.members["lin"].pk,
            name=name,
            value=value,
            source="self",
        )
    call_command("policies_load", verbosity=0)
    for member in world.members.values():
        outcomes_recompute(member_id=member.pk)
