"""Who is treated how: what was given back, groups, strata, and more tickets for who lost before."""

from __future__ import annotations

import json

import pytest

from lianxin.allocation.models import Claim
from lianxin.allocation.rules.claims import State
from lianxin.allocation.rules.draws import order_of
from lianxin.allocation.rules.draws_steps import Stage
from lianxin.allocation.selectors.draws import file_of, own_line
from lianxin.allocation.selectors.recounting import recount_of
from lianxin.allocation.services import claim_cancel
from lianxin.allocation.services.drawing_results import draw_run, draw_value_read, seed_now
from lianxin.allocation.testing.draws import SIGNATURE, draw_walk
from lianxin.allocation.tests.test_draw_life import NOON, apply, published, states
from lianxin.jobs.testing import settle
from lianxin.kit.testing import stopped_clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with stopped_clock(NOON) as hands:
        yield hands


def test_what_is_given_back_in_time_is_passed_over_and_said_so(fed, clock):
    draw, claims = published(fed)
    draw = draw_walk(draw, clock, Stage.FROZEN)
    claim_cancel(actor=fed.actor("lin"), claim_id=claims[0].pk)
    draw = draw_walk(draw, clock, Stage.DRAWN)
    own = own_line(claims[0], draw)
    assert (own.is_withdrawn, own.rank) == (True, None)
    assert json.loads(file_of(draw))["revealed"]["withdrawn"] == [own.line]
    assert states(draw) == [State.CANCELLED, State.CONFIRMED, State.CONFIRMED]


def test_what_is_given_back_later_is_drawn_and_then_offered_on(fed, clock):
    """Whoever has won in the file and gave back between the reveals and the draw makes room for the next."""
    draw, claims = published(fed, 3, people=("lin", "zhao", "tang", "sun"), most=2)
    draw = draw_walk(draw, clock, Stage.REVEALED)
    clock.set(draw.known_at)
    for who in ("qian", "luo"):
        draw_value_read(actor=fed.actor(who), draw_id=draw.pk, value=SIGNATURE)
    draw.refresh_from_db()
    first = draw.rows[order_of(seed_now(draw), draw.rows)[0]].line
    winner = next(claim for claim in claims if own_line(claim, draw).line == first)
    claim_cancel(actor=fed.actor("wang"), claim_id=winner.pk)
    draw = draw_run(draw_id=draw.pk)
    winner.refresh_from_db()
    assert winner.standing is State.CANCELLED
    assert own_line(winner, draw).is_won, "the file stays what the seed came to"
    assert sorted(states(draw)) == [State.CANCELLED, State.CONFIRMED, State.CONFIRMED, State.OFFERED]  # fmt: skip
    assert recount_of(draw.pool_id).faults == []


def test_groups_and_strata_are_drawn_as_published(fed, clock):
    strata = [{"words": {"en": "First time", "zh_Hans": "第一次报名"}, "days": 365}]
    draw, _ = published(fed, 3, people=(), most=3, strata=strata, series="夜跑")
    sizes = {"lin": (3, 1), "zhao": (2, 0), "tang": (1, 1), "sun": (2, 0)}
    rows = {who: apply(draw.pool, fed, who, size=size, stratum=at) for who, (size, at) in sizes.items()}  # fmt: skip
    draw = draw_walk(draw, clock, Stage.DRAWN)
    assert draw.rule["strata"][0]["zh_Hans"] == "第一次报名"
    held = {who for who, claim in rows.items() if Claim.objects.get(pk=claim.pk).holds}
    assert "tang" in held, "the single place goes to whoever fits, though her stratum is later"
    assert held in ({"zhao", "tang"}, {"sun", "tang"})
    order = [draw.rows[place].stratum for place in draw.order]
    assert order == [0, 0, 1, 1]


def test_who_lost_before_has_more_tickets_as_published(fed, clock):
    first, _ = published(fed, 1, people=("lin", "zhao"), series="托管班")
    first = draw_walk(first, clock, Stage.DRAWN)
    loser = Claim.objects.get(pool=first.pool, state=State.WAITING)
    settle()
    draw, _ = published(fed, 1, people=("lin", "zhao", "tang"), series="托管班", weight_most=3)
    draw = draw_walk(draw, clock, Stage.FROZEN)
    weights = {
        claim.account_id: own_line(claim, draw).row.weight for claim in draw.pool.claims.all()
    }
    assert weights.pop(loser.account_id) == 2
    assert set(weights.values()) == {1}
