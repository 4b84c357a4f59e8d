"""A draw never fixes its list while people can still apply, and one that fails holds up no other."""

from __future__ import annotations

import datetime as dt
import logging

import pytest

from lianxin.allocation.models import Draw, DrawList
from lianxin.allocation.rules.draws_steps import Stage
from lianxin.allocation.services import pool_change
from lianxin.allocation.services.drawing import draw_plan, draw_publish, draw_void
from lianxin.allocation.services.drawing_results import draw_value_read, draws_resume
from lianxin.allocation.services.drawing_steps import draws_due
from lianxin.allocation.testing import terms_of
from lianxin.allocation.testing.draws import SIGNATURE, draw_walk, drawn_pool, plan_for
from lianxin.allocation.tests.test_draw_life import NOON, apply, published, watchers
from lianxin.jobs.testing import run_periodic
from lianxin.kit.errors import RefusedError
from lianxin.kit.testing import stopped_clock

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def clock():
    with stopped_clock(NOON + dt.timedelta(seconds=30)) as hands:
        yield hands


def closes_later(fed, pool, by: dt.timedelta) -> None:
    same = {name: getattr(pool, name) for name in ("opens_at", "starts_at", "ends_at")}
    terms = terms_of(pool.capacity, closes_at=pool.closes_at + by, **same)
    pool_change(actor=fed.actor("wang"), pool_id=pool.pk, terms=terms)
    pool.refresh_from_db()


def planned(fed, pool, **more) -> Draw:
    plan = plan_for(pool, watchers(fed), **more)
    return draw_plan(actor=fed.actor("wang"), pool_id=pool.pk, plan=plan)


def test_a_first_draw_fixes_its_list_when_its_pool_closes_even_if_that_moved_after_the_plan(fed, clock):  # fmt: skip
    pool = drawn_pool(fed.organisation("yangtze"))
    draw = planned(fed, pool)
    closes_later(fed, pool, 6 * HOUR)
    draw = draw_publish(actor=fed.actor("wang"), draw_id=draw.pk)
    assert draw.closes_at == pool.closes_at
    apply(pool, fed, "lin")
    clock.set(pool.closes_at - dt.timedelta(seconds=1))
    apply(pool, fed, "zhao")
    draw = draw_walk(draw, clock, Stage.DRAWN)
    assert (draw.standing, draw.count) == (Stage.DRAWN, 2)


def test_a_plan_that_no_longer_fits_its_pool_is_refused_when_it_is_published(fed, clock):
    pool = drawn_pool(fed.organisation("yangtze"))
    draw = planned(fed, pool)
    closes_later(fed, pool, DAY)  # now it closes when the secrets should be locked already
    with pytest.raises(RefusedError) as caught:
        draw_publish(actor=fed.actor("wang"), draw_id=draw.pk)
    assert caught.value.field == "commit_until"
    draw.refresh_from_db()
    assert (draw.standing, draw.rule_text) == (Stage.PLANNED, "")


def test_a_second_draw_never_fixes_its_list_before_its_pool_closes(fed, clock):
    draw, _ = published(fed)
    pool = draw.pool
    draw_void(actor=fed.actor("wang"), draw_id=draw.pk, words="场地换小了。")
    with pytest.raises(RefusedError) as caught:
        planned(fed, pool, closes_at=pool.closes_at - HOUR)
    assert caught.value.field == "closes_at"
    typed = pool.closes_at.replace(second=0)  # a form knows minutes only
    assert typed < pool.closes_at
    again = planned(fed, pool, closes_at=typed)
    assert again.closes_at == pool.closes_at
    closes_later(fed, pool, HOUR)
    with pytest.raises(RefusedError) as caught:
        draw_publish(actor=fed.actor("wang"), draw_id=again.pk)
    assert caught.value.field == "closes_at"
    planned(fed, pool, closes_at=pool.closes_at + DAY)
    again = draw_publish(actor=fed.actor("wang"), draw_id=again.pk)
    assert draw_walk(again, clock, Stage.DRAWN).standing is Stage.DRAWN


def test_a_list_that_cannot_be_fixed_holds_up_no_other_draw(fed, clock, caplog):
    broken, _ = published(fed)
    broken.salts = "none that could be read"
    broken.save(update_fields=["salts"])
    clock.move(seconds=1)
    sound, _ = published(fed)
    clock.set(sound.closes_at)
    assert draws_due() == [broken.pk, sound.pk]
    with caplog.at_level(logging.ERROR):
        run_periodic("allocation.step_draws")
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.standing, sound.standing) == (Stage.COLLECTING, Stage.FROZEN)
    assert str(broken.pk) in caplog.text


def test_a_draw_that_cannot_run_holds_up_no_other_draw(fed, clock, caplog):
    draws = []
    for _ in range(2):
        draw, _claims = published(fed)
        draws.append(draw_walk(draw, clock, Stage.REVEALED))
        clock.set(NOON)
    broken, sound = draws
    clock.set(max(one.known_at for one in draws))
    for draw in draws:
        for who in ("qian", "luo"):
            draw_value_read(actor=fed.actor(who), draw_id=draw.pk, value=SIGNATURE)
    DrawList.objects.filter(draw=broken).update(rows=b"")
    clock.move(minutes=10)
    with caplog.at_level(logging.ERROR):
        assert draws_resume() == 1
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.standing, sound.standing) == (Stage.REVEALED, Stage.DRAWN)
    assert str(broken.pk) in caplog.text
