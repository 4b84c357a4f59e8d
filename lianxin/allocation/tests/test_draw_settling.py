"""The places of a large draw are written down in pieces: cut off in the middle, nobody profits and all comes right."""

from __future__ import annotations

import pytest

from lianxin.allocation.models import Claim, Pool
from lianxin.allocation.rules.claims import State
from lianxin.allocation.selectors.recounting import recount_of
from lianxin.allocation.services import (
    claim_amend,
    claim_cancel,
    draw_close,
    draw_settle,
    pool_call_off,
    settling,
)
from lianxin.allocation.testing import claim_made, pool_make
from lianxin.allocation.testing.draws import ruled
from lianxin.allocation.tests.test_draw_life import NOON
from lianxin.jobs.testing import crash_at
from lianxin.kit.errors import RefusedError
from lianxin.kit.testing import stopped_clock

ORDER = ("sun", "lin", "zhao", "tang", "chen")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def pieces(monkeypatch):
    monkeypatch.setattr(settling, "DRAWN_AT_ONCE", 2)


@pytest.fixture
def half(fed):
    """Three places for five; cut off when the first two are written down. Returns pool and order."""
    with stopped_clock(NOON) as hands:
        pool = ruled(pool_make(fed.organisation("yangtze"), 3, method="draw", most=2))
        order = [claim_made(pool, fed.account_id(who)).pk for who in ORDER]
        hands.set(pool.closes_at)
        with crash_at(2):
            draw_settle(pool_id=pool.pk, order=order, won=set(order[:3]))
        assert states(pool, order) == ["confirmed", "confirmed", "applied", "applied", "applied"]
        yield pool, order


def states(pool: Pool, order) -> list[str]:
    found = dict(Claim.objects.filter(pool=pool).values_list("pk", "state"))
    assert recount_of(pool.pk).faults == []
    return [found[pk] for pk in order]


def test_it_goes_on_with_those_who_are_left(half) -> None:
    pool, order = half
    for _again in range(2):
        draw_settle(pool_id=pool.pk, order=order, won=set(order[:3]))
        closed = draw_close(pool.pk)
        assert closed.drawn_at
        assert states(pool, order) == ["confirmed"] * 3 + ["waiting"] * 2
    ranks = Claim.objects.filter(pool=pool, state=State.WAITING).order_by("position")
    assert [claim.pk for claim in ranks] == order[3:]


def test_a_place_given_back_in_the_middle_goes_to_the_first_in_line_and_to_nobody_before(half, fed) -> None:  # fmt: skip
    pool, order = half
    claim_cancel(actor=fed.actor("lin"), claim_id=order[1])
    draw_settle(pool_id=pool.pk, order=order, won=set(order[:3]))
    assert states(pool, order) == ["confirmed", "cancelled", "confirmed", "waiting", "waiting"]
    draw_close(pool.pk)
    assert states(pool, order)[3:] == ["offered", "waiting"]


def test_nobody_grows_into_what_is_anothers_already(half, fed) -> None:
    pool, order = half
    with pytest.raises(RefusedError):
        claim_amend(actor=fed.actor("sun"), claim_id=order[0], size=2, details="")
    draw_settle(pool_id=pool.pk, order=order, won=set(order[:3]))
    assert states(pool, order)[:3] == ["confirmed"] * 3


def test_called_off_in_the_middle_nobody_more_gets_a_place(half, fed) -> None:
    pool, order = half
    pool_call_off(actor=fed.actor("wang"), pool_id=pool.pk)
    draw_settle(pool_id=pool.pk, order=order, won=set(order[:3]))
    assert draw_close(pool.pk).drawn_at is None
    assert set(states(pool, order)) == {"dropped"}
