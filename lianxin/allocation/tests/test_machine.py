"""Whatever people do in whatever order: the pool, its ledger and a naive model agree after each step."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from lianxin.allocation.testing import pool_make
from lianxin.allocation.tests.machine import OFFER_MINUTES, Walk
from lianxin.kit.testing import stopped_clock

NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(("seed", "waitlist"), [(1, None), (2, 6), (3, 0)])
def test_a_random_walk_comes_to_what_a_naive_model_says(fed, seed, waitlist) -> None:
    """Takes longer than five seconds on a busy machine: 250 steps, each compared. 10,000 in the bench."""
    with stopped_clock(NOON) as clock:
        far: dict[str, Any] = {"closes_at": NOON + dt.timedelta(days=300), "starts_at": NOON + dt.timedelta(days=300), "ends_at": None}  # fmt: skip
        pool = pool_make(
            fed.organisation("yangtze"), 8, most=4, waitlist=waitlist, offer_minutes=OFFER_MINUTES, **far
        )  # fmt: skip
        people = [account.pk for account in fed.accounts.values()]
        walk = Walk(pool, people, clock, seed)
        walk.run(250)
        assert min(walk.done.values()) > 10
