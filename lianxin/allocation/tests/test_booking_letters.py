"""Who is told what of a booking: who gave it back, whom it concerned, why it came to nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.utils import translation

from lianxin.allocation.rules.bookings import BookingState, Unions
from lianxin.allocation.rules.offering import Owners, booking_owners
from lianxin.allocation.selectors.booking_words import booking_sentence
from lianxin.allocation.services import (
    booking_cancel,
    booking_carry,
    booking_confirm,
    booking_drop,
    bookings_lapse,
)
from lianxin.allocation.testing import bookable_make, booked, held
from lianxin.allocation.tests.test_bookings import NOON, SATURDAY
from lianxin.jobs.testing import settle
from lianxin.kit.ids import new_id
from lianxin.kit.testing import stopped_clock
from lianxin.notify.testing import letters_to

pytestmark = pytest.mark.django_db
PARTNER = "trial.partner"


@pytest.fixture(autouse=True)
def clock():
    with stopped_clock(NOON) as hands:
        yield hands


@pytest.fixture
def partner(fed) -> Iterator[str]:
    """Let Fang answer for the things of a partner."""
    owner = frozenset({fed.account_id("fang")})
    booking_owners.fill(
        PARTNER, Owners(accounts=lambda _thing: owner, page=lambda _booking: "/own/")
    )
    yield PARTNER
    booking_owners.fill(
        PARTNER, Owners(accounts=lambda _thing: frozenset(), page=lambda _booking: "/own/")
    )


def kinds(fed, who: str) -> list[str]:
    settle()
    return [one.kind.removeprefix("allocation.booking_") for one in letters_to(fed.account_id(who))]


def test_a_partner_hears_of_what_came_free_only_if_she_had_been_asked(fed, partner) -> None:
    hall = bookable_make(
        fed.organisation("jialing"), 1, kind=partner, answer="asked", unions=Unions.BELOW
    )
    left = held(hall, fed.actor("lin"), SATURDAY).booking
    booking_cancel(actor=fed.actor("lin"), booking_id=left.pk)
    assert kinds(fed, "fang") == [], "a form that was left is nobody's news"
    asked = booked(hall, fed.actor("lin"), SATURDAY)
    assert kinds(fed, "fang") == ["waits"]
    booking_cancel(actor=fed.actor("lin"), booking_id=asked.pk)
    assert sorted(kinds(fed, "fang")) == ["cancelled", "waits"]
    ours = booked(hall, fed.actor("wang"), SATURDAY, union_id=fed.organisation("yangtze").pk)
    booking_confirm(actor=fed.actor("fang"), booking_id=ours.pk)
    booking_cancel(actor=fed.actor("sun"), booking_id=ours.pk)
    assert kinds(fed, "fang").count("cancelled") == 2, "a colleague gives back as well"


def test_a_partner_who_calls_off_is_not_told_of_it_and_of_a_stay_cut_short_she_is(fed, partner, clock) -> None:  # fmt: skip
    beds = bookable_make(fed.organisation("jialing"), 2, kind=partner)
    first, second = (booked(beds, fed.actor(who), SATURDAY, 3) for who in ("lin", "zhao"))
    clock.set(first.starts_at + dt.timedelta(hours=1))
    booking_drop(actor=fed.actor("fang"), booking_id=first.pk, reason="停水")
    assert kinds(fed, "fang") == []
    booking_cancel(actor=fed.actor("zhao"), booking_id=second.pk)
    assert kinds(fed, "fang") == ["cut"]


def test_what_a_colleague_gave_back_is_not_laid_at_her_door(fed) -> None:
    hall = bookable_make(fed.organisation("jialing"), 1, unions=Unions.BELOW)
    ours, own = (
        booked(hall, fed.actor("wang"), SATURDAY + dt.timedelta(days=at), **more)
        for at, more in ((0, {"union_id": fed.organisation("yangtze").pk}), (1, {}))
    )
    booking_cancel(actor=fed.actor("sun"), booking_id=ours.pk)
    booking_cancel(actor=fed.actor("wang"), booking_id=own.pk)
    settle()
    told = [one for one in letters_to(fed.account_id("wang")) if one.kind.endswith("cancelled")]
    assert [str(ours.pk) in one.url for one in told] == [True], "what she did herself she knows"
    assert "您" not in told[0].title
    assert fed.organisation("yangtze").name in told[0].body
    ours.refresh_from_db()
    own.refresh_from_db()
    with translation.override("en"):
        assert "You gave it back" not in booking_sentence(ours)
        assert "You gave it back" in booking_sentence(own)


def test_an_application_nobody_decided_in_time_is_not_a_form_that_was_left(fed, clock) -> None:
    beds = bookable_make(fed.organisation("jiangwan"), 2, answer="service", service="trial")
    carried, left = (held(beds, fed.actor(who), SATURDAY).booking for who in ("lin", "zhao"))
    assert carried
    assert left
    booking_carry(booking_id=carried.pk, account_id=fed.account_id("lin"), case_id=new_id())
    clock.set(carried.starts_at)
    assert bookings_lapse() == 2
    with translation.override("en"):
        for booking, words in ((carried, "Nobody answered"), (left, "open for too long")):
            booking.refresh_from_db()
            assert booking.state == BookingState.LAPSED
            assert words in booking_sentence(booking)
