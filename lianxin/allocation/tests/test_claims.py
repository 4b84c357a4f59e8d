"""Places are taken once, waited for in order, given back, offered on; nothing is left or promised twice."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.allocation.models import Claim, LedgerError, LedgerLine, Pool
from lianxin.allocation.rules.claims import Fault, State
from lianxin.allocation.selectors.recounting import recount_of
from lianxin.allocation.selectors.showing import claim_sentence
from lianxin.allocation.services import (
    claim_cancel,
    claim_take,
    draw_settle,
    offer_accept,
    offers_lapse,
    pool_call_off,
    pool_change,
    pool_open,
)
from lianxin.allocation.testing import ask_of, pool_make, terms_of
from lianxin.allocation.testing.draws import ruled
from lianxin.audit.api import AuditRow
from lianxin.jobs.testing import settle
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.ids import new_id
from lianxin.kit.testing import stopped_clock
from lianxin.members.testing import Federation
from lianxin.notify.testing import letters_to

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)


def states(pool: Pool) -> list[str]:
    return list(Claim.objects.filter(pool=pool).order_by("made_at", "pk").values_list("state", flat=True))  # fmt: skip


def right(pool: Pool) -> None:
    assert recount_of(pool.pk).faults == []


def test_places_go_to_the_first_and_the_rest_waits_in_order(fed: Federation) -> None:
    pool = pool_make(fed.organisation("yangtze"), 2)
    for who in ("lin", "wang", "sun", "zhao"):
        claim_take(ask_of(pool, fed.account_id(who)))
    assert states(pool) == [State.CONFIRMED, State.CONFIRMED, State.WAITING, State.WAITING]
    pool.refresh_from_db()
    assert (pool.taken, pool.waiting) == (2, 2)
    right(pool)


def test_a_double_tap_and_a_second_device_come_to_the_same_claim(fed: Federation) -> None:
    pool = pool_make(fed.organisation("yangtze"))
    ask = ask_of(pool, fed.account_id("lin"))
    first = claim_take(ask)
    again, elsewhere = claim_take(ask), claim_take(ask_of(pool, fed.account_id("lin")))
    assert first.is_new
    assert not again.is_new
    assert not elsewhere.is_new
    assert again.claim == elsewhere.claim == first.claim
    assert Claim.objects.count() == 1
    assert AuditRow.objects.filter(action="allocation.took").count() == 1


def test_a_form_sent_again_after_giving_back_takes_nothing(fed: Federation) -> None:
    pool = pool_make(fed.organisation("yangtze"))
    ask = ask_of(pool, fed.account_id("lin"))
    taken = claim_take(ask).claim
    claim_cancel(actor=fed.actor("lin"), claim_id=taken.pk)
    late = claim_take(ask)
    assert (late.is_new, late.claim.standing) == (False, State.CANCELLED)
    assert claim_take(ask_of(pool, fed.account_id("lin"))).is_new, "a new form is a new wish"
    right(pool)


def test_what_is_given_back_is_offered_at_once_to_the_next_in_line(fed: Federation) -> None:
    pool = pool_make(fed.organisation("yangtze"), 1, offer_minutes=60)
    first = claim_take(ask_of(pool, fed.account_id("lin"))).claim
    second = claim_take(ask_of(pool, fed.account_id("zhao"))).claim
    third = claim_take(ask_of(pool, fed.account_id("sun"))).claim
    claim_cancel(actor=fed.actor("lin"), claim_id=first.pk)
    second.refresh_from_db()
    assert second.standing is State.OFFERED
    pool.refresh_from_db()
    assert pool.taken == 1, "an offer counts"
    assert claim_take(ask_of(pool, fed.account_id("wang"))).claim.standing is State.WAITING
    settle()
    [letter] = letters_to(fed.account_id("zhao"))
    assert "江边夜跑" in letter.title
    offer_accept(actor=fed.actor("zhao"), claim_id=second.pk)
    assert offer_accept(actor=fed.actor("zhao"), claim_id=second.pk).standing is State.CONFIRMED
    third.refresh_from_db()
    assert third.standing is State.WAITING
    right(pool)


def test_an_offer_nobody_answers_goes_on(fed: Federation) -> None:
    with stopped_clock(NOON) as clock:
        pool = pool_make(fed.organisation("yangtze"), 1, offer_minutes=60)
        claims = [claim_take(ask_of(pool, fed.account_id(who))).claim for who in ("lin", "zhao", "sun")]  # fmt: skip
        claim_cancel(actor=fed.actor("lin"), claim_id=claims[0].pk)
        clock.move(minutes=61)
        with pytest.raises(StaleError):
            offer_accept(actor=fed.actor("zhao"), claim_id=claims[1].pk)
        assert offers_lapse(pool.pk) == 1
        assert offers_lapse(pool.pk) == 0
        assert states(pool) == [State.CANCELLED, State.LAPSED, State.OFFERED]
        right(pool)


def test_no_offer_runs_past_the_beginning(fed: Federation) -> None:
    with stopped_clock(NOON) as clock:
        pool = pool_make(fed.organisation("yangtze"), 1, offer_minutes=3 * 24 * 60)
        first = claim_take(ask_of(pool, fed.account_id("lin"))).claim
        second = claim_take(ask_of(pool, fed.account_id("zhao"))).claim
        claim_cancel(actor=fed.actor("lin"), claim_id=first.pk)
        second.refresh_from_db()
        assert second.offered_until == pool.starts_at
        clock.move(days=3)
        offers_lapse(pool.pk)
        claim_cancel(actor=fed.actor("zhao"), claim_id=second.pk)
        assert State.OFFERED not in states(pool)


def test_a_voucher_whose_last_day_is_over_goes_to_nobody_any_more(fed: Federation) -> None:
    with stopped_clock(NOON) as hands:
        last = hands.at + dt.timedelta(hours=12)
        pool = pool_make(
            fed.organisation("yangtze"), 1, starts_at=None, closes_at=last, ends_at=last
        )
        held = claim_take(ask_of(pool, fed.account_id("lin"))).claim
        waits = claim_take(ask_of(pool, fed.account_id("wang"))).claim
        hands.move(hours=11, minutes=59)
        claim_cancel(actor=fed.actor("lin"), claim_id=held.pk)
        offer = Claim.objects.get(pk=waits.pk)
        assert (offer.standing, offer.offered_until) == (State.OFFERED, last)
        late = claim_take(ask_of(pool, fed.account_id("sun"))).claim
        hands.move(minutes=2)
        assert offers_lapse(pool.pk) == 1
        settle()
        for claim, state in ((waits, State.LAPSED), (late, State.WAITING)):
            found = Claim.objects.select_related("pool").get(pk=claim.pk)
            assert found.standing is state
        assert "已经过期" in claim_sentence(found)
        assert not [one for one in letters_to(fed.account_id("sun")) if "名额" in one.title]
        right(pool)


def test_a_group_waits_together_and_keeps_no_single_place_empty(fed: Federation) -> None:
    pool = pool_make(fed.organisation("yangtze"), 3, most=3)
    claim_take(ask_of(pool, fed.account_id("lin"), size=2))
    family = claim_take(ask_of(pool, fed.account_id("zhao"), size=2)).claim
    single = claim_take(ask_of(pool, fed.account_id("sun"))).claim
    assert (family.standing, single.standing) == (State.WAITING, State.CONFIRMED)
    claim_cancel(actor=fed.actor("sun"), claim_id=single.pk)
    family.refresh_from_db()
    assert family.state == State.WAITING, "two do not fit where one is free"
    claim_cancel(actor=fed.actor("lin"), claim_id=Claim.objects.get(account_id=fed.account_id("lin")).pk)  # fmt: skip
    family.refresh_from_db()
    assert family.state == State.OFFERED
    right(pool)


@pytest.mark.parametrize(
    ("terms", "size", "fault"),
    [
        ({"opens_at": NOON + dt.timedelta(hours=1)}, 1, Fault.EARLY),
        ({"closes_at": NOON}, 1, Fault.LATE),
        ({"most": 2}, 3, Fault.SIZE),
        ({"waitlist": 0, "capacity": 1}, 1, Fault.FULL),
    ],
)
def test_who_comes_too_early_too_late_or_too_many_is_told(fed, terms, size, fault) -> None:
    with stopped_clock(NOON):
        pool = pool_make(fed.organisation("yangtze"), **({"capacity": 3} | terms))
        if fault is Fault.FULL:
            claim_take(ask_of(pool, fed.account_id("wang")))
        before = LedgerLine.objects.count()
        assert claim_take(ask_of(pool, fed.account_id("lin"), size=size)).fault is fault
        assert LedgerLine.objects.count() == before


def test_who_holds_a_place_is_not_told_that_all_are_gone(fed: Federation) -> None:
    pool = pool_make(fed.organisation("yangtze"), 1, waitlist=0)
    own = claim_take(ask_of(pool, fed.account_id("lin"))).claim
    assert claim_take(ask_of(pool, fed.account_id("lin"))).claim == own


def test_a_family_has_one_claim_and_nobody_sees_whose(fed: Federation) -> None:
    pool = pool_make(fed.organisation("yangtze"), 5, one_per="family")
    claim_take(ask_of(pool, fed.account_id("lin"), unit="f:one"))
    taken = claim_take(ask_of(pool, fed.account_id("zhao"), unit="f:one"))
    assert (taken.fault, taken.claim) == (Fault.FAMILY, None)


def test_nobody_gives_back_or_accepts_what_is_anothers(fed: Federation) -> None:
    pool = pool_make(fed.organisation("yangtze"))
    claim = claim_take(ask_of(pool, fed.account_id("lin"))).claim
    for who in ("zhao", "ma", "tang"):
        with pytest.raises(ForbiddenError):
            claim_cancel(actor=fed.actor(who), claim_id=claim.pk)
        with pytest.raises(ForbiddenError):
            offer_accept(actor=fed.actor(who), claim_id=claim.pk)
    assert claim_cancel(actor=fed.actor("wang"), claim_id=claim.pk).standing is State.CANCELLED


def test_more_places_go_to_those_who_wait_and_fewer_than_held_there_cannot_be(fed) -> None:
    pool = pool_make(fed.organisation("yangtze"), 1)
    for who in ("lin", "zhao", "sun"):
        claim_take(ask_of(pool, fed.account_id(who)))
    pool_change(actor=fed.actor("wang"), pool_id=pool.pk, terms=terms_of(2))
    assert states(pool) == [State.CONFIRMED, State.OFFERED, State.WAITING]
    with pytest.raises(RefusedError) as refused:
        pool_change(actor=fed.actor("wang"), pool_id=pool.pk, terms=terms_of(1))
    assert refused.value.field == "capacity"
    with pytest.raises(ForbiddenError):
        pool_change(actor=fed.actor("ma"), pool_id=pool.pk, terms=terms_of(9))
    right(pool)


def test_what_is_called_off_is_told_to_everybody_and_stays_so(fed: Federation) -> None:
    pool = pool_make(fed.organisation("yangtze"), 1)
    for who in ("lin", "zhao"):
        claim_take(ask_of(pool, fed.account_id(who)))
    pool_call_off(actor=fed.actor("wang"), pool_id=pool.pk)
    pool_call_off(actor=fed.actor("wang"), pool_id=pool.pk)
    assert states(pool) == [State.DROPPED, State.DROPPED]
    settle()
    assert any("江边夜跑" in letter.title for letter in letters_to(fed.account_id("zhao")))
    assert claim_take(ask_of(pool, fed.account_id("sun"))).fault is Fault.OFF
    right(pool)


def test_a_pool_is_opened_once_and_only_by_who_arranges_there(fed: Federation) -> None:
    asked = {"organisation_id": fed.organisation("yangtze").pk, "kind": "trial", "object_id": new_id(), "terms": terms_of(3)}  # fmt: skip
    first = pool_open(actor=fed.actor("wang"), **asked)
    assert pool_open(actor=fed.actor("wang"), **asked) == first
    for who in ("lin", "ma", "fang"):
        with pytest.raises(ForbiddenError):
            pool_open(actor=fed.actor(who), **asked | {"object_id": new_id()})


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"capacity": 0}, "capacity"),
        ({"opens_at": NOON + dt.timedelta(days=9)}, "closes_at"),
        ({"closes_at": NOON + dt.timedelta(days=9)}, "closes_at"),
        ({"ends_at": NOON}, "ends_at"),
        ({"most": 9}, "most"),
        ({"rule": "age > "}, "rule"),
        ({"strata": [{"rule": "drop table x"}]}, "rule"),
    ],
)
def test_terms_that_make_no_sense_are_refused_at_their_field(fed, wrong, field) -> None:
    with stopped_clock(NOON), pytest.raises(RefusedError) as refused:
        pool_make(fed.organisation("yangtze"), **({"capacity": 3} | wrong))
    assert refused.value.field == field


def test_numbered_seats_are_given_side_by_side_and_come_back(fed: Federation) -> None:
    labels = tuple(f"{row}排{seat}座" for row in (1, 2) for seat in (1, 2, 3))
    pool = pool_make(fed.organisation("yangtze"), 6, seats=labels, most=3)
    two = claim_take(ask_of(pool, fed.account_id("lin"), size=2, seats=("1排2座", "1排3座"))).claim
    three = claim_take(ask_of(pool, fed.account_id("zhao"), size=3)).claim
    assert [seat.label for seat in two.seats.order_by("number")] == ["1排2座", "1排3座"]
    assert [seat.label for seat in three.seats.order_by("number")] == ["2排1座", "2排2座", "2排3座"]
    late = claim_take(ask_of(pool, fed.account_id("sun"), seats=("1排2座",)))
    assert late.fault is Fault.SEAT
    claim_cancel(actor=fed.actor("lin"), claim_id=two.pk)
    assert claim_take(ask_of(pool, fed.account_id("sun"), seats=("1排2座",))).claim.seats.count() == 1  # fmt: skip
    right(pool)


def test_a_draw_gives_in_its_order_and_the_rest_waits_in_the_same(fed: Federation) -> None:
    pool = ruled(pool_make(fed.organisation("yangtze"), 3, method="draw", most=2))
    claims = {who: claim_take(ask_of(pool, fed.account_id(who), size=size)).claim for who, size in (("lin", 1), ("zhao", 2), ("sun", 2), ("wang", 1))}  # fmt: skip
    claim_cancel(actor=fed.actor("wang"), claim_id=claims["wang"].pk)
    order = [claims[who].pk for who in ("zhao", "wang", "sun", "lin")]
    with pytest.raises(RefusedError):
        draw_settle(pool_id=pool.pk, order=order[:2])
    draw_settle(pool_id=pool.pk, order=order)
    draw_settle(pool_id=pool.pk, order=list(reversed(order)))
    for who, state in (("zhao", "confirmed"), ("sun", "waiting"), ("lin", "confirmed")):
        claims[who].refresh_from_db()
        assert claims[who].state == state, who
    right(pool)


def test_the_ledger_is_only_added_to(fed: Federation) -> None:
    pool_make(fed.organisation("yangtze"))
    line = LedgerLine.objects.get()
    for spoil in (line.save, line.delete, LedgerLine.objects.all().delete):
        with pytest.raises(LedgerError):
            spoil()
    with pytest.raises(LedgerError):
        LedgerLine.objects.update(taken=0)


def test_a_recount_finds_what_was_changed_behind_its_back(fed: Federation) -> None:
    pool = pool_make(fed.organisation("yangtze"), 3)
    claim = claim_take(ask_of(pool, fed.account_id("lin"))).claim
    right(pool)
    Claim.objects.filter(pk=claim.pk).update(state=State.CANCELLED)
    assert recount_of(pool.pk).faults
    Claim.objects.filter(pk=claim.pk).update(state=State.CONFIRMED)
    Pool.objects.filter(pk=pool.pk).update(taken=2)
    assert recount_of(pool.pk).faults
