"""A draw within a route: cases take part by themselves, and go on when they are drawn."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.allocation.api import State, claim_cancel, draw_of_pool, pool_call_off
from lianxin.allocation.testing.draws import Stage, draw_published, draw_walk
from lianxin.catalogue.constants import ROUNDS
from lianxin.catalogue.rules.filling import subject_named
from lianxin.catalogue.selectors.drawn import barred_words, claim_of_case
from lianxin.catalogue.services import PlacesGiven, places_open, round_gather
from lianxin.catalogue.testing import applied, offer_of
from lianxin.jobs.testing import crash_everywhere, leases_end, settle
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.testing import stopped_clock
from lianxin.procedures.api import Dossier, case_facts, dossier_withdraw, step_approve
from lianxin.procedures.testing import answered, asked, handler_of, live_task, refuse, step_walk

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
WATCHERS = ("qian", "luo", "ma", "tang")
WHO = ("lin", "wang", "sun", "fang")
PAGE = reverse("catalogue:service_page", args=["childcare-place"])


@pytest.fixture
def hands(town):
    with stopped_clock(NOON) as found:
        yield found


CHILD = {"name": "林小溪", "birth_on": "2017-05-01", "school": "实验小学", "grade": "三年级"}


def at_draw(town, who: str, name: str = "", *, code: str = "childcare-place") -> Dossier:
    """Send a case in for a child, another one for each person, and walk it to the draw."""
    child = CHILD | {"name": name or f"{who} 的孩子"}
    typed = {"child": [child]} if code == "childcare-place" else {}
    dossier = applied(town.actor(who), code, typed=typed)
    while dossier.step.kind != "draw":
        dossier = step_walk(dossier)
    settle()
    return dossier


def opened(
    town, capacity: int = 1, *, key: str = "round", days: int = 1, code: str = "childcare-place",
    is_ruled: bool = True,
):  # fmt: skip
    """He opens a round for the whole city's cases that stand at the district, its rule published."""
    pool = places_open(
        actor=town.actor("he"),
        offer=offer_of(code),
        organisation_id=town.organisation("city").pk,
        given=PlacesGiven(
            name="寒假第一期", capacity=capacity, place="文化宫二楼",
            closes_at=clock.now() + dt.timedelta(days=days), starts_at=clock.now() + dt.timedelta(days=days + 29),
        ),
        key=key,
    )  # fmt: skip
    if is_ruled:
        rule_out(town, pool)
    settle()
    return pool


def rule_out(town, pool):
    draw = draw_published(pool, [town.account(one) for one in WATCHERS])
    settle()
    return draw


def drawn(town, pool, hands, draw=None):
    draw = draw or draw_of_pool(pool.pk)
    draw = draw_walk(draw, hands, Stage.DRAWN)
    settle()
    return draw


def step(dossier: Dossier) -> str:
    found = Dossier.objects.get(pk=dossier.pk)
    return found.step.code if found.state != "closed" else "closed"


def test_cases_take_part_by_themselves_and_the_drawn_one_goes_on(town, hands):
    first = at_draw(town, "lin")
    pool = opened(town)
    assert pool.kind == ROUNDS
    later = at_draw(town, "wang")
    for dossier in (first, later):
        claim = claim_of_case(dossier.pk)
        assert claim is not None
        assert claim.standing is State.APPLIED
        with pytest.raises(RefusedError):
            step_approve(actor=handler_of(live_task(dossier)), dossier_id=dossier.pk, key="by-hand", seen=None)  # fmt: skip
    drawn(town, pool, hands)
    states = {claim_of_case(one.pk).standing: step(one) for one in (first, later)}
    assert states == {State.CONFIRMED: "decision", State.WAITING: "draw"}
    settle()
    assert round_gather(pool_id=pool.pk) == 1, "again adds nobody"


def test_where_places_are_not_short_the_officer_passes_the_case_on(town, hands):
    dossier = at_draw(town, "lin")
    assert claim_of_case(dossier.pk) is None
    assert step(step_walk(dossier)) == "decision"


def test_who_waits_goes_on_when_a_place_comes_free_and_she_says_yes(town, hands, client):
    cases = [at_draw(town, who) for who in ("lin", "wang")]
    drawn(town, opened(town), hands)
    won = next(one for one in cases if step(one) == "decision")
    waiting = next(one for one in cases if one != won)
    claim_cancel(actor=town.actor("he"), claim_id=claim_of_case(won.pk).pk)
    settle()
    assert step(won) == "closed", "whoever gives her place back takes her case back"
    offer = claim_of_case(waiting.pk)
    assert (offer.standing, step(waiting)) == (State.OFFERED, "draw")
    who = next(key for key in WHO if town.account_id(key) == waiting.applicant_id)
    sign_in(client, town.account(who), second_factor=False)
    client.post(reverse("allocation:offer_accept", args=[offer.pk]))
    settle()
    assert step(waiting) == "decision"


def test_who_was_not_drawn_takes_part_in_the_next_round(town, hands):
    cases = [at_draw(town, who) for who in ("lin", "wang")]
    drawn(town, opened(town), hands)
    waiting = next(one for one in cases if step(one) == "draw")
    hands.move(days=40)  # the class has begun
    again = opened(town, key="second")
    claim = claim_of_case(waiting.pk)
    assert (claim.pool, claim.standing) == (again, State.APPLIED)


def test_a_case_that_ends_leaves_the_draw(town, hands):
    gone, refused, stays = (at_draw(town, who) for who in ("lin", "wang", "sun"))
    pool = opened(town)
    dossier_withdraw(actor=town.actor("lin"), dossier_id=gone.pk, key="back", seen=None)
    refuse(refused, handler_of(live_task(refused)), reason="孩子已经上初中。")
    settle()
    assert claim_of_case(gone.pk).standing is State.CANCELLED
    assert claim_of_case(refused.pk).standing is State.CANCELLED
    drawn(town, pool, hands)
    assert step(stays) == "decision"


def test_a_question_takes_nobody_out_and_the_drawn_case_goes_on_when_it_is_answered(town, hands):
    dossier = at_draw(town, "lin")
    pool = opened(town)
    asked(dossier)
    settle()
    drawn(town, pool, hands)
    assert claim_of_case(dossier.pk).standing is State.CONFIRMED
    assert step(dossier) == "draw"
    answered(dossier, town.actor("lin"))
    settle()
    assert step(dossier) == "decision"


def test_a_case_that_comes_late_is_in_no_list_and_jumps_no_line(town, hands):
    first, second = at_draw(town, "lin"), at_draw(town, "wang")
    pool = opened(town)
    draw = draw_of_pool(pool.pk)
    hands.move(days=1, minutes=1)
    late = at_draw(town, "sun")
    assert claim_of_case(late.pk) is None
    with pytest.raises(RefusedError):
        step_walk(late)
    drawn(town, pool, hands, draw)
    assert sorted(map(step, (first, second))) == ["decision", "draw"]
    with pytest.raises(RefusedError):
        step_walk(late)
    again = opened(town, 5, key="second")
    assert claim_of_case(late.pk).pool == again


def test_where_places_are_left_a_late_case_is_passed_on(town, hands):
    at_draw(town, "lin")
    pool = opened(town, 5)
    draw = draw_of_pool(pool.pk)
    hands.move(days=1, minutes=1)
    late = at_draw(town, "sun")
    drawn(town, pool, hands, draw)
    assert step(step_walk(late)) == "decision"


def test_a_mother_of_two_sends_two_cases_and_each_is_drawn_by_itself(town, hands):
    cases = [at_draw(town, "lin", name) for name in ("林小溪", "林小河")]
    pool = opened(town)
    claims = [claim_of_case(one.pk) for one in cases]
    assert [one.standing for one in claims] == [State.APPLIED, State.APPLIED]
    assert len({one.unit for one in claims}) == 2
    assert not any("小" in one.unit for one in claims), "no name of a child stands with the claim"
    drawn(town, pool, hands)
    assert sorted(map(step, cases)) == ["decision", "draw"]
    pool.refresh_from_db()
    assert pool.taken == 1, "one place is one child"


def test_a_child_stands_in_the_list_once_whoever_of_her_parents_sends_the_case(town, hands):
    first, again, father = (
        at_draw(town, "lin", "林小溪"),
        at_draw(town, "lin", " 林　小溪"),
        at_draw(town, "sun", "林小溪"),
    )
    pool = opened(town)
    (claim,) = pool.claims.all()
    others = [case for case in (first, again, father) if case.applicant_id and not claim_of_case(case.pk)]  # fmt: skip
    assert len(others) == 2, claim.unit
    for other in others:
        assert barred_words(pool, other)
        assert step(step_walk(other)) == "decision", "a person looks at it"


def test_who_had_a_place_comes_later_by_child_not_by_mother(town, hands):
    at_draw(town, "lin", "林小溪")
    drawn(town, opened(town), hands)
    hands.move(days=40)
    elder, younger = at_draw(town, "lin", "林小溪"), at_draw(town, "lin", "林小河")
    opened(town, key="second")
    assert [claim_of_case(one.pk).stratum for one in (elder, younger)] == [1, 0]


def test_a_case_of_several_children_is_looked_at_by_a_person(town, hands):
    dossier = at_draw(town, "lin")
    values = case_facts(dossier.pk, "childcare-place").values
    both = values["child"] * 2
    pool = opened(town)
    places = offer_of("childcare-place").card.places
    assert subject_named(places.subject, values)
    assert subject_named(places.subject, values | {"child": both}) == ""
    assert not barred_words(pool, dossier)


def test_a_case_that_is_sent_again_stands_in_the_list_once(town, hands):
    gone = at_draw(town, "lin")
    pool = opened(town)
    dossier_withdraw(actor=town.actor("lin"), dossier_id=gone.pk, key="back", seen=None)
    settle()
    again = at_draw(town, "lin")
    assert claim_of_case(again.pk).standing is State.APPLIED
    assert sorted(one.state for one in pool.claims.all()) == ["applied", "cancelled"]


def test_no_case_is_in_a_draw_before_its_rule_is_published_and_all_are_then(town, hands):
    dossier = at_draw(town, "lin")
    pool = opened(town, is_ruled=False)
    assert claim_of_case(dossier.pk) is None
    with pytest.raises(RefusedError):
        step_walk(dossier)  # the draw will decide
    rule_out(town, pool)
    assert claim_of_case(dossier.pk).standing is State.APPLIED


def test_where_the_rule_never_came_the_officer_passes_the_case_on(town, hands):
    dossier = at_draw(town, "lin")
    opened(town, is_ruled=False)
    hands.move(days=1, minutes=1)
    assert step(step_walk(dossier)) == "decision"


def test_the_clock_of_the_step_runs_until_the_result(town, hands):
    dossier = at_draw(town, "lin")
    before = live_task(dossier).due_at
    pool = opened(town, days=60)
    assert live_task(dossier).due_at > pool.closes_at > before
    assert live_task(dossier).due_at > draw_of_pool(pool.pk).known_at
    assert Dossier.objects.get(pk=dossier.pk).due_at == live_task(dossier).due_at


def test_the_money_for_a_diploma_is_drawn_among_those_who_have_the_right_to_it(town, hands):
    """The draw stands after the papers are checked: who has no right to it stands in no list."""
    code = "education-subsidy"
    cases = [at_draw(town, who, code=code) for who in ("lin", "wang")]
    pool = opened(town, code=code)
    assert (pool.kind, pool.method, pool.one_per) == (ROUNDS, "draw", "person")
    checked = [
        one for one in cases[0].definition.route[: cases[0].step_index] if one.kind == "check"
    ]
    assert [one.code for one in checked] == ["diploma_check"]
    drawn(town, pool, hands)
    assert sorted(map(step, cases)) == ["decision", "draw"]
    won = next(one for one in cases if step(one) == "decision")
    assert step(step_walk(Dossier.objects.get(pk=won.pk))) == "notice"


def test_a_round_is_opened_where_the_step_stands_and_says_when_it_begins(town, hands):
    given = PlacesGiven(name="一期", capacity=3, closes_at=clock.now() + dt.timedelta(days=3))
    offer = offer_of("childcare-place")
    for who, union, at in (("wang", "yangtze", "union"), ("he", "city", "starts_at")):
        with pytest.raises(RefusedError) as refused:
            places_open(
                actor=town.actor(who), offer=offer, organisation_id=town.organisation(union).pk,
                given=given, key="k",
            )  # fmt: skip
        assert refused.value.field == at


def test_a_round_that_is_called_off_frees_its_cases(town, hands):
    dossier = at_draw(town, "lin")
    pool = opened(town)
    pool_call_off(actor=town.actor("he"), pool_id=pool.pk)
    settle()
    assert step(dossier) == "draw"
    assert step(step_walk(dossier)) == "decision"


def test_nobody_claims_by_hand(town, hands, client):
    pool = opened(town)
    sign_in(client, town.account("lin"), second_factor=False)
    page = client.get(reverse("allocation:pool", args=[pool.pk])).content.decode()
    assert "您的申请自动参加" in page
    assert "data-rush" not in page
    assert client.post(reverse("allocation:take", args=[pool.pk]), {"key": "k"}).status_code == 409
    assert "寒假第一期" in client.get(PAGE).content.decode()
    assert "寒假第一期" in Client().get(PAGE).content.decode()
    assert not pool.claims.exists()


@pytest.mark.django_db(transaction=True)
def test_a_crash_anywhere_loses_no_case_and_takes_none_twice(town, hands):
    cases = [at_draw(town, who) for who in ("lin", "wang")]
    pool = opened(town)
    draw = draw_of_pool(pool.pk)
    assert draw is not None
    draw_walk(draw, hands, Stage.DRAWN)

    def after(_number: int) -> None:
        hands.move(minutes=20)

    assert crash_everywhere(settle, after=after) > 2
    hands.move(minutes=20)
    leases_end(hands.at + dt.timedelta(minutes=20))
    settle(hands.at + dt.timedelta(minutes=20))
    assert sorted(step(one) for one in cases) == ["decision", "draw"]
    assert pool.claims.count() == 2
