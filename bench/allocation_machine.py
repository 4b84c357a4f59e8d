"""Ten thousand random steps over claim, cancel, offer, accept, expire, group, resize, beside a naive model.

BENCH_STEPS makes it shorter. After each step pool and model must come to the same; the ledger is
recounted every 50 steps. On both databases; says how long, which claims nothing.
"""

from __future__ import annotations

import datetime as dt
import os
import time

STEPS = int(os.environ.get("BENCH_STEPS", "10000"))
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)


def main() -> None:
    """Walk on SQLite and on PostgreSQL."""
    from bench import _crowd

    _crowd.on_both_databases("bench.allocation_machine")


def measure() -> None:
    """Walk over the database the environment names."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from lianxin.allocation.testing import pool_make
    from lianxin.allocation.tests.machine import OFFER_MINUTES, Walk
    from lianxin.kit.testing import stopped_clock
    from lianxin.members.testing import federation

    call_command("migrate", verbosity=0)
    town = federation()
    people = [account.pk for account in town.accounts.values()]
    end = NOON + dt.timedelta(days=3000)
    begun = time.monotonic()
    with stopped_clock(NOON) as clock:
        for seed, waitlist in ((11, None), (12, 6)):
            pool = pool_make(
                town.organisation("yangtze"), 8, most=4, waitlist=waitlist,
                offer_minutes=OFFER_MINUTES, closes_at=end, starts_at=end, ends_at=None,
            )  # fmt: skip
            walk = Walk(pool, people, clock, seed)
            walk.run(STEPS // 2, recount_every=50)
            print(f"  {connection.vendor}: {STEPS // 2} steps, waiting list {waitlist}: all agree; {dict(walk.done)}")  # fmt: skip
    print(f"  {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    measure()
