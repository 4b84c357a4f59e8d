"""A draw goes from its published rule to its result, each step in its time and by its people."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from lianxin.allocation.models import Claim, Draw, DrawStatement, Pool
from lianxin.allocation.rules.claims import State
from lianxin.allocation.rules.draws import canonical, lock_of
from lianxin.allocation.rules.draws_steps import Stage
from lianxin.allocation.selectors.draws import file_of, own_line
from lianxin.allocation.selectors.recounting import recount_of
from lianxin.allocation.services import claim_cancel, claim_take, pool_call_off, pool_change
from lianxin.allocation.services.drawing import draw_plan, draw_publish, draw_void
from lianxin.allocation.services.drawing_parties import draw_commit, draw_reveal
from lianxin.allocation.services.drawing_results import draw_value_read
from lianxin.allocation.services.drawing_steps import draw_step, draws_due
from lianxin.allocation.testing import ask_of, pool_make, terms_of
from lianxin.allocation.testing.draws import (
    SENTENCE,
    SIGNATURE,
    draw_published,
    draw_walk,
    drawn_pool,
    party_commits,
    party_reveals,
    plan_for,
    ruled,
)
from lianxin.audit.api import AuditRow
from lianxin.jobs.testing import run_periodic, settle
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.testing import stopped_clock
from lianxin.members.testing import Federation
from lianxin.notify.testing import letters_to

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
WATCHERS = ("qian", "luo", "ma", "fang")


@pytest.fixture
def clock():
    with stopped_clock(NOON) as hands:
        yield hands


def watchers(fed: Federation):
    return [fed.account(key) for key in WATCHERS]


def published(fed: Federation, capacity: int = 2, people=("lin", "zhao", "tang"), **more):
    plan = {name: more.pop(name) for name in ("weight_most", "source", "issue") if name in more}
    pool = drawn_pool(fed.organisation("yangtze"), capacity, **more)
    draw = draw_published(pool, watchers(fed), **plan)
    return draw, [apply(pool, fed, who) for who in people]


def apply(pool: Pool, fed: Federation, who: str, **more) -> Claim:
    claim = claim_take(ask_of(pool, fed.account_id(who), **more)).claim
    assert claim is not None
    assert claim.standing is State.APPLIED
    return claim


def states(draw: Draw) -> list[str]:
    rows = Claim.objects.filter(pool_id=draw.pool_id).order_by("made_at", "pk")
    return list(rows.values_list("state", flat=True))


def test_a_draw_from_its_rule_to_its_result(fed, clock):
    draw, claims = published(fed)
    draw = draw_walk(draw, clock, Stage.DRAWN)
    assert draw.standing is Stage.DRAWN
    assert sorted(states(draw)) == [State.CONFIRMED, State.CONFIRMED, State.WAITING]
    for claim in claims:
        claim.refresh_from_db()
        own = own_line(claim, draw)
        assert own.is_won == (claim.standing is State.CONFIRMED)
        assert (own.rank == 2) == (claim.standing is State.WAITING)
    assert recount_of(draw.pool_id).faults == []
    told = json.loads(file_of(draw))
    assert told["drawn"]["won"] == len(told["result"]["won"]) == 2
    stages = DrawStatement.objects.order_by("pk").values_list("stage", flat=True)
    assert list(stages) == ["collecting", "frozen", "committed", "revealed", "drawn"]


def test_each_step_leaves_a_line_in_the_trail_and_the_applicants_hear_the_result(fed, clock):
    draw, _ = published(fed)
    draw_walk(draw, clock, Stage.DRAWN)
    deeds = AuditRow.objects.filter(object_id=str(draw.pk)).values_list("action", flat=True)
    for deed in ("planned", "publish", "freeze", "committed", "close_commitments", "opened",
                 "close_reveals", "value_read", "draw"):  # fmt: skip
        assert f"allocation.draw_{deed}" in deeds, deed
    settle()
    for who in ("lin", "zhao", "tang"):
        assert any("江边夜跑" in letter.title for letter in letters_to(fed.account_id(who)))


def test_only_who_arranges_the_pool_plans_and_publishes(fed, clock):
    pool = drawn_pool(fed.organisation("yangtze"))
    plan = plan_for(pool, watchers(fed))
    for who in ("lin", "zhao", "ma", "qian"):
        with pytest.raises(ForbiddenError):
            draw_plan(actor=fed.actor(who), pool_id=pool.pk, plan=plan)
    draw = draw_plan(actor=fed.actor("wang"), pool_id=pool.pk, plan=plan)
    assert draw_plan(actor=fed.actor("wang"), pool_id=pool.pk, plan=plan).pk == draw.pk
    with pytest.raises(ForbiddenError):
        draw_publish(actor=fed.actor("ma"), draw_id=draw.pk)
    first = draw_publish(actor=fed.actor("wang"), draw_id=draw.pk)
    again = draw_publish(actor=fed.actor("wang"), draw_id=draw.pk)
    assert first.rule_text == again.rule_text
    assert DrawStatement.objects.count() == 1
    with pytest.raises(RefusedError):
        draw_plan(actor=fed.actor("wang"), pool_id=pool.pk, plan=plan)


def test_who_arranges_cannot_watch_nor_who_applied_nor_one_person_twice(fed, clock):
    pool = ruled(drawn_pool(fed.organisation("yangtze")))
    apply(pool, fed, "lin")
    for people in (
        ("wang", "luo", "ma", "fang"),  # arranges here
        ("sun", "luo", "ma", "fang"),  # arranges above, with reach
        ("lin", "luo", "ma", "fang"),  # applied
        ("luo", "luo", "ma", "fang"),
        ("luo", "ma", "fang"),  # if one of three were missing, nothing could be drawn
    ):
        plan = plan_for(pool, [fed.account(key) for key in people])
        with pytest.raises(RefusedError) as caught:
            draw_plan(actor=fed.actor("wang"), pool_id=pool.pk, plan=plan)
        assert caught.value.field == "parties"


def test_a_plan_that_cannot_be_is_refused_at_its_field(fed, clock):
    pool = drawn_pool(fed.organisation("yangtze"))
    good = plan_for(pool, watchers(fed))
    sunday = dt.datetime(2026, 11, 29, 13, 15, tzinfo=dt.UTC)  # 21:15 in Beijing
    for field, more in (
        ("commit_until", {"commit_until": pool.closes_at}),
        ("known_at", {"known_at": good.reveal_until}),
        ("known_at", {"known_at": pool.starts_at}),
        ("source", {"source": "tea leaves"}),
        ("issue", {"source": "ssq", "known_at": sunday}),
        ("known_at", {"source": "ssq", "issue": "2026135", "known_at": sunday + dt.timedelta(days=1)}),
        ("known_at", {"source": "ssq", "issue": "2026135", "known_at": sunday - dt.timedelta(hours=2)}),
        ("weight_most", {"weight_most": 0}),
        ("weight_most", {"weight_most": 3}),  # a pool of no series
    ):  # fmt: skip
        with pytest.raises(RefusedError) as caught:
            draw_plan(
                actor=fed.actor("wang"), pool_id=pool.pk, plan=plan_for(pool, watchers(fed), **more)
            )
        assert caught.value.field == field


def test_a_pool_of_the_fastest_is_not_drawn(fed, clock):
    pool = pool_make(fed.organisation("yangtze"))
    with pytest.raises(RefusedError):
        draw_plan(actor=fed.actor("wang"), pool_id=pool.pk, plan=plan_for(pool, watchers(fed)))


def test_a_rule_published_late_leaves_people_a_day_and_tells_them(fed, clock):
    pool = ruled(drawn_pool(fed.organisation("yangtze")))  # by a rule that was void
    apply(pool, fed, "lin")
    draw = draw_plan(actor=fed.actor("wang"), pool_id=pool.pk, plan=plan_for(pool, watchers(fed)))
    clock.move(hours=1)
    with pytest.raises(RefusedError) as caught:
        draw_publish(actor=fed.actor("wang"), draw_id=draw.pk)
    assert caught.value.field == "closes_at"
    clock.move(hours=-1)
    draw_publish(actor=fed.actor("wang"), draw_id=draw.pk)
    settle()
    assert any("江边夜跑" in letter.title for letter in letters_to(fed.account_id("lin")))
    assert letters_to(fed.account_id("zhao")) == []


def test_after_the_rule_is_out_places_and_times_stay_until_the_draw_is_over(fed, clock):
    draw, _ = published(fed)
    pool = draw.pool
    same = {"opens_at": pool.opens_at, "closes_at": pool.closes_at, "starts_at": pool.starts_at, "ends_at": pool.ends_at}  # fmt: skip
    with pytest.raises(RefusedError):
        pool_change(actor=fed.actor("wang"), pool_id=pool.pk, terms=terms_of(3, **same))
    renamed = terms_of(2, **same | {"title": "江边夜跑（改在体育馆）"})
    pool_change(actor=fed.actor("wang"), pool_id=pool.pk, terms=renamed)
    draw_walk(draw, clock, Stage.DRAWN)
    pool_change(actor=fed.actor("wang"), pool_id=pool.pk, terms=terms_of(3, **same))
    assert State.OFFERED in states(draw), "one more place goes to whoever waits"


def test_nobody_locks_or_opens_too_early_too_late_or_for_another(fed, clock):
    draw, _ = published(fed)
    party = draw.parties.get(number=1)
    with pytest.raises(RefusedError):
        party_commits(draw, party)  # the list still grows
    draw = draw_walk(draw, clock, Stage.FROZEN)
    for who in ("lin", "wang", "zhao"):
        with pytest.raises(ForbiddenError):
            draw_commit(actor=fed.actor(who), draw_id=draw.pk, lock="a" * 64)
    with pytest.raises(RefusedError) as caught:
        draw_commit(actor=fed.actor("qian"), draw_id=draw.pk, lock="a secret")
    assert caught.value.field == "lock"
    party_commits(draw, party)
    party_commits(draw, party)  # a second tap
    with pytest.raises(RefusedError):
        draw_commit(actor=fed.actor("qian"), draw_id=draw.pk, lock="a" * 64)
    with pytest.raises(RefusedError):
        party_reveals(draw, party)
    for number in (2, 4):
        party_commits(draw, draw.parties.get(number=number))
    clock.set(draw.commit_until)
    with pytest.raises(RefusedError):
        party_commits(draw, draw.parties.get(number=3))
    with pytest.raises(RefusedError) as caught:
        draw_reveal(actor=fed.actor("qian"), draw_id=draw.pk, secret=SENTENCE.format(number=2))
    assert caught.value.field == "secret"
    party_reveals(draw, party)
    party_reveals(draw, party)
    with pytest.raises(RefusedError):
        party_reveals(draw, draw.parties.get(number=3))  # locked nothing
    clock.set(draw.reveal_until)
    with pytest.raises(RefusedError):
        party_reveals(draw, draw.parties.get(number=2))


def test_a_secret_that_stays_shut_stops_nothing_and_is_marked(fed, clock):
    draw, _ = published(fed)
    draw = draw_walk(draw, clock, Stage.FROZEN)
    for number in (1, 2, 4):
        party_commits(draw, draw.parties.get(number=number))
    clock.set(draw.commit_until)
    party_reveals(draw, draw.parties.get(number=1))
    clock.set(draw.reveal_until)
    draw = draw_walk(draw, clock, Stage.DRAWN)
    told = json.loads(file_of(draw))
    assert [bool(one) for one in told["committed"]["locks"]] == [True, True, False, True]
    assert [bool(one) for one in told["revealed"]["opened"]] == [True, False, False, False]
    assert sorted(states(draw)) == [State.CONFIRMED, State.CONFIRMED, State.WAITING]


def test_a_lock_made_for_another_list_does_not_open(fed, clock):
    draw, _ = published(fed)
    draw = draw_walk(draw, clock, Stage.FROZEN)
    for number in (1, 2, 3):
        other = lock_of("0" * 64, number, SENTENCE.format(number=number))
        party = draw.parties.get(number=number)
        draw_commit(actor=fed.actor(WATCHERS[number - 1]), draw_id=draw.pk, lock=other)
    clock.set(draw.commit_until)
    with pytest.raises(RefusedError):
        party_reveals(draw, party)


def test_with_too_few_locks_the_draw_is_void_and_held_again(fed, clock):
    draw, _ = published(fed)
    draw = draw_walk(draw, clock, Stage.FROZEN)
    for number in (1, 4):  # two of them: three are needed
        party_commits(draw, draw.parties.get(number=number))
    clock.set(draw.commit_until)
    draw = draw_step(draw.pk)
    assert (draw.standing, draw.void_reason) == (Stage.VOID, "few")
    assert {claim.state for claim in Claim.objects.all()} == {State.APPLIED}
    settle()
    assert letters_to(fed.account_id("lin"))
    closes = clock.at + dt.timedelta(days=2)
    again = draw_published(draw.pool, watchers(fed), closes_at=closes)
    assert again.number == 2
    assert again.rule["instead_of"] == str(draw.pk)
    again = draw_walk(again, clock, Stage.DRAWN)
    assert again.root != draw.root, "another salt, so that no line of the first list is known again"
    assert sorted(states(again)) == [State.CONFIRMED, State.CONFIRMED, State.WAITING]


def test_a_rule_published_when_two_locks_were_enough_holds_as_it_was_published(fed, clock):
    draw, _ = published(fed)
    old = draw.rule | {"least_locks": 2}
    Draw.objects.filter(pk=draw.pk).update(rule_text=canonical(old))
    draw = draw_walk(draw, clock, Stage.FROZEN)
    for number in (1, 2):
        party_commits(draw, draw.parties.get(number=number))
    clock.set(draw.commit_until)
    assert draw_step(draw.pk).standing is Stage.COMMITTED


def test_a_list_fixed_too_late_is_void(fed, clock):
    draw, _ = published(fed)
    clock.set(draw.commit_until)
    draw = draw_step(draw.pk)
    assert (draw.standing, draw.void_reason, draw.root) == (Stage.VOID, "late", "")


def test_nobody_applied(fed, clock):
    draw, _ = published(fed, people=())
    clock.set(draw.closes_at)
    draw = draw_step(draw.pk)
    assert (draw.standing, draw.void_reason) == (Stage.VOID, "empty")


def test_an_arranger_stops_a_draw_only_while_nobody_can_know_it(fed, clock):
    draw, _ = published(fed)
    draw = draw_walk(draw, clock, Stage.COMMITTED)
    with pytest.raises(ForbiddenError):
        draw_void(actor=fed.actor("qian"), draw_id=draw.pk, words="我不想")
    with pytest.raises(RefusedError) as caught:
        draw_void(actor=fed.actor("wang"), draw_id=draw.pk, words="  ")
    assert caught.value.field == "words"
    draw = draw_walk(draw, clock, Stage.REVEALED)
    with pytest.raises(RefusedError):
        draw_void(actor=fed.actor("wang"), draw_id=draw.pk, words="结果不好")
    draw.refresh_from_db()
    assert draw.standing is Stage.REVEALED
    clock.set(draw.known_at + dt.timedelta(days=14))
    draw = draw_void(actor=fed.actor("wang"), draw_id=draw.pk, words="彩票停售，数值不会再公布。")
    assert draw_void(actor=fed.actor("wang"), draw_id=draw.pk, words="again").void_words == draw.void_words  # fmt: skip


def test_a_void_draw_says_why_for_good(fed, clock):
    draw, _ = published(fed)
    draw_void(actor=fed.actor("wang"), draw_id=draw.pk, words="场地换小了，名额要改。")
    draw.refresh_from_db()
    assert json.loads(file_of(draw))["void"]["words"] == "场地换小了，名额要改。"


def test_calling_a_pool_off_ends_its_draw_at_any_stage(fed, clock):
    for stage in (Stage.COLLECTING, Stage.FROZEN, Stage.COMMITTED, Stage.REVEALED):
        draw, _ = published(fed)
        draw = draw_walk(draw, clock, stage)
        pool_call_off(actor=fed.actor("wang"), pool_id=draw.pool_id)
        draw.refresh_from_db()
        assert (draw.standing, draw.void_reason) == (Stage.VOID, "called_off")


def test_two_people_read_the_value_and_must_agree(fed, clock):
    draw, _ = published(fed)
    draw = draw_walk(draw, clock, Stage.REVEALED)
    with pytest.raises(RefusedError):
        draw_value_read(actor=fed.actor("wang"), draw_id=draw.pk, value=SIGNATURE)  # not yet known
    clock.set(draw.known_at)
    for who in ("lin", "zhao"):
        with pytest.raises(ForbiddenError):
            draw_value_read(actor=fed.actor(who), draw_id=draw.pk, value=SIGNATURE)
    with pytest.raises(RefusedError):
        draw_value_read(actor=fed.actor("wang"), draw_id=draw.pk, value="about 7")
    draw_value_read(actor=fed.actor("wang"), draw_id=draw.pk, value=SIGNATURE)
    draw_value_read(actor=fed.actor("wang"), draw_id=draw.pk, value=SIGNATURE)
    draw_value_read(actor=fed.actor("qian"), draw_id=draw.pk, value="c5" * 48)
    draw.refresh_from_db()
    assert draw.value == "", "one person twice, or two who differ, is not two who agree"
    draw_value_read(actor=fed.actor("qian"), draw_id=draw.pk, value=SIGNATURE)
    draw.refresh_from_db()
    assert draw.value
    with pytest.raises(RefusedError):
        draw_value_read(actor=fed.actor("luo"), draw_id=draw.pk, value="c5" * 48)
    settle()
    draw.refresh_from_db()
    assert draw.standing is Stage.DRAWN


def test_the_job_worker_alone_brings_a_draw_on(fed, clock):
    draw, _ = published(fed)
    assert draws_due() == []
    clock.set(draw.closes_at)
    assert draws_due() == [draw.pk]
    run_periodic("allocation.step_draws")
    draw.refresh_from_db()
    assert draw.standing is Stage.FROZEN
    clock.move(hours=12)
    settle()
    reminded = letters_to(fed.account_id("qian"))
    assert len(reminded) == 3, "named, asked, reminded at half time"


def test_the_machine_asleep_over_both_deadlines_marks_everybody_and_goes_on(fed, clock):
    draw, _ = published(fed)
    draw = draw_walk(draw, clock, Stage.FROZEN)
    for party in draw.parties.all():
        party_commits(draw, party)
    claim_cancel(actor=fed.actor("lin"), claim_id=Claim.objects.get(account=fed.account("lin")).pk)
    clock.set(draw.known_at)
    draw = draw_step(draw.pk)
    assert draw.standing is Stage.REVEALED
    assert draw.withdrawn == [], "too late to choose who is passed over"
    draw = draw_walk(draw, clock, Stage.DRAWN)
    assert draw.standing is Stage.DRAWN
    assert recount_of(draw.pool_id).faults == []
