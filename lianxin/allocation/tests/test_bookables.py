"""Things offered for booking: opened once, changed with a plan for whoever loses her place, ended kindly."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random

import pytest

from lianxin.allocation.models import BookedCell, Booking
from lianxin.allocation.rules.bookings import BookingFault, BookingState, Guests, Unions
from lianxin.allocation.rules.grid import Grain
from lianxin.allocation.rules.openings import Openings
from lianxin.allocation.services import (
    ConflictsError,
    bookable_change,
    bookable_end,
    bookable_open,
    booking_ask,
    booking_cancel,
    bookings_end,
    terms_of,
)
from lianxin.allocation.testing import bookable_make, booked, held, stay_terms
from lianxin.allocation.tests.test_bookings import NOON, SATURDAY, sound
from lianxin.jobs.testing import settle
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.ids import new_id
from lianxin.kit.testing import stopped_clock
from lianxin.notify.testing import letters_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with stopped_clock(NOON) as hands:
        yield hands


def changed(bookable, **more):
    return dataclasses.replace(terms_of(bookable), **more)


def test_a_thing_is_offered_once_and_only_by_who_arranges_there(fed) -> None:
    asked = {"organisation_id": fed.organisation("yangtze").pk, "kind": "trial", "object_id": new_id(), "terms": stay_terms()}  # fmt: skip
    first = bookable_open(actor=fed.actor("wang"), **asked)
    assert bookable_open(actor=fed.actor("wang"), **asked) == first
    for who in ("lin", "ma", "fang"):
        with pytest.raises(ForbiddenError):
            bookable_open(actor=fed.actor(who), **asked | {"object_id": new_id()})


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"units": 0}, "units"),
        ({"most_units": 3}, "most_units"),
        ({"least": 4}, "most"),
        ({"most": 91}, "most"),
        ({"title": " "}, "title"),
        ({"openings": Openings(weekly=((),) * 7)}, "monday"),
        ({"answer": "service"}, "service"),
        ({"guests": Guests.NOBODY, "unions": Unions.NONE}, "guests"),
        ({"hold_minutes": 1}, "hold_minutes"),
        ({"rule": "age > "}, "rule"),
    ],
)
def test_terms_that_make_no_sense_are_refused_at_their_field(fed, wrong, field) -> None:
    with pytest.raises(RefusedError) as refused:
        bookable_make(fed.organisation("yangtze"), **({"units": 2} | wrong))
    assert refused.value.field == field


def test_new_terms_hold_for_who_comes_and_leave_alone_who_has_booked(fed) -> None:
    beds = bookable_make(fed.organisation("yangtze"), 2, most=5)
    stay = booked(beds, fed.actor("lin"), SATURDAY, 4)
    bookable_change(actor=fed.actor("wang"), bookable_id=beds.pk, terms=changed(beds, most=2))
    stay.refresh_from_db()
    assert (stay.state, stay.run.length) == (BookingState.CONFIRMED, 4)
    assert held(beds, fed.actor("zhao"), SATURDAY, 3).fault is BookingFault.LONG
    with pytest.raises(ForbiddenError):
        bookable_change(actor=fed.actor("ma"), bookable_id=beds.pk, terms=changed(beds, most=3))
    with pytest.raises(RefusedError):
        bookable_change(actor=fed.actor("wang"), bookable_id=beds.pk, terms=changed(beds, grain=Grain.DAY))  # fmt: skip


def test_days_that_close_list_whom_they_hit_and_nothing_happens_without_a_plan(fed) -> None:
    beds = bookable_make(fed.organisation("yangtze"), 2, most=5)
    other = bookable_make(fed.organisation("yangtze"), 1, most=5, title="二号楼")
    hit = booked(beds, fed.actor("lin"), SATURDAY, 2)
    moving = booked(beds, fed.actor("zhao"), SATURDAY, 1)
    safe = booked(beds, fed.actor("tang"), SATURDAY + dt.timedelta(days=9), 1)
    closed = changed(beds, openings=Openings(closed=frozenset({SATURDAY})))
    change = {"actor": fed.actor("wang"), "bookable_id": beds.pk, "terms": closed}
    with pytest.raises(ConflictsError) as error:
        bookable_change(**change)
    assert {one.pk for one in error.value.bookings} == {hit.pk, moving.pk}
    beds.refresh_from_db()
    assert not beds.hours.closed, "nothing has changed yet"
    plan = {hit.pk: None, moving.pk: other.pk}
    with pytest.raises(RefusedError) as refused:
        bookable_change(**change, plan=plan)
    assert refused.value.field == "reason"
    bookable_change(**change, plan=plan, reason="周六换床垫")
    states = {one.pk: (one.state, one.bookable_id) for one in Booking.objects.all()}
    assert states[hit.pk] == (BookingState.DROPPED, beds.pk)
    assert states[moving.pk] == (BookingState.CONFIRMED, other.pk)
    assert states[safe.pk] == (BookingState.CONFIRMED, beds.pk)
    settle()
    assert "周六换床垫" in letters_to(fed.account_id("lin"))[0].body
    assert letters_to(fed.account_id("zhao"))[0].kind == "allocation.booking_moved"
    assert len(letters_to(fed.account_id("tang"))) == 1, "only that it is hers"
    sound()


def test_a_plan_that_does_not_fit_changes_nothing(fed) -> None:
    beds = bookable_make(fed.organisation("yangtze"), 1)
    other = bookable_make(fed.organisation("yangtze"), 1)
    foreign = bookable_make(fed.organisation("riverside"), 1)
    mine = booked(beds, fed.actor("lin"), SATURDAY)
    booked(other, fed.actor("zhao"), SATURDAY)
    closed = changed(beds, openings=Openings(closed=frozenset({SATURDAY})))
    for target, error in ((other.pk, RefusedError), (foreign.pk, ForbiddenError)):
        with pytest.raises(error):
            bookable_change(actor=fed.actor("wang"), bookable_id=beds.pk, terms=closed, plan={mine.pk: target}, reason="检修")  # fmt: skip
        beds.refresh_from_db()
        assert not beds.hours.closed
    sound()


def test_fewer_beds_move_people_over_without_a_word_where_they_fit(fed) -> None:
    beds = bookable_make(fed.organisation("yangtze"), 3, most=5)
    stays = [
        booked(beds, fed.actor(who), SATURDAY + dt.timedelta(days=at), 2)
        for who, at in (("lin", 0), ("zhao", 1), ("tang", 3), ("sun", 4))
    ]
    settle()
    told = len(letters_to(fed.account_id("lin")))
    bookable_change(actor=fed.actor("wang"), bookable_id=beds.pk, terms=changed(beds, units=2))
    settle()
    assert {unit for one in Booking.objects.all() for unit in one.units} <= {1, 2}
    assert len(letters_to(fed.account_id("lin"))) == told
    with pytest.raises(ConflictsError) as error:
        bookable_change(actor=fed.actor("wang"), bookable_id=beds.pk, terms=changed(beds, units=1))
    assert {one.pk for one in error.value.bookings} == {stays[1].pk, stays[3].pk}, "who came first stays"  # fmt: skip
    sound()


def seats_of(booking: Booking) -> set[tuple[int, int]]:
    return set(booking.cells.values_list("unit", "cell"))


def test_fewer_beds_leave_what_is_over_where_it_was_and_nobody_in_a_bed_that_is_gone(fed, clock) -> None:  # fmt: skip
    beds = bookable_make(fed.organisation("yangtze"), 2, most=5)
    short = booked(beds, fed.actor("zhao"), SATURDAY, 1)
    long = booked(beds, fed.actor("lin"), SATURDAY, 4)
    assert (short.units, long.units) == ([1], [2])
    clock.set(short.ends_at + dt.timedelta(minutes=30))
    bookings_end()
    bookable_change(actor=fed.actor("wang"), bookable_id=beds.pk, terms=changed(beds, units=1))
    short.refresh_from_db()
    long.refresh_from_db()
    assert (short.state, long.state) == (BookingState.USED, BookingState.CONFIRMED)
    first = SATURDAY.toordinal()
    assert seats_of(short) == {(1, first)}, "what was, was"
    assert long.units == [1]
    assert {one for one in seats_of(long) if one[1] > first} == {(1, first + n) for n in (1, 2, 3)}
    assert held(beds, fed.actor("tang"), SATURDAY + dt.timedelta(days=2)).fault is BookingFault.FULL
    assert held(beds, fed.actor("tang"), SATURDAY + dt.timedelta(days=4)).booking


def test_who_left_early_has_her_bed_for_the_night_that_runs(fed, clock) -> None:
    beds = bookable_make(fed.organisation("yangtze"), 2, most=5)
    left = booked(beds, fed.actor("zhao"), SATURDAY, 3)
    stay = booked(beds, fed.actor("lin"), SATURDAY, 2)
    clock.set(left.starts_at + dt.timedelta(hours=2))
    booking_cancel(actor=fed.actor("zhao"), booking_id=left.pk)
    later = booked(beds, fed.actor("tang"), SATURDAY + dt.timedelta(days=1), 1)
    change = {"actor": fed.actor("wang"), "bookable_id": beds.pk, "terms": changed(beds, units=1)}
    with pytest.raises(ConflictsError) as error:
        bookable_change(**change)
    assert {one.pk for one in error.value.bookings} == {stay.pk}, "not who left, and who comes fits"
    with pytest.raises(RefusedError) as refused:
        bookable_change(**change, plan={stay.pk: None}, reason="一号床坏了")
    assert refused.value.field == "units", "both are there tonight, called off or not"
    stay.refresh_from_db()
    beds.refresh_from_db()
    assert (stay.state, beds.units) == (BookingState.CONFIRMED, 2), "nothing has changed"
    sound()
    clock.set(left.starts_at + dt.timedelta(hours=23))
    with pytest.raises(ConflictsError):
        bookable_change(**change)
    bookable_change(**change, plan={later.pk: None}, reason="一号床坏了")
    assert {tuple(one.units) for one in Booking.objects.running()} == {(1,)}


def test_what_ends_is_told_with_a_reason_and_stays_ended(fed) -> None:
    beds = bookable_make(fed.organisation("yangtze"), 2)
    stay = booked(beds, fed.actor("lin"), SATURDAY)
    with pytest.raises(RefusedError):
        bookable_end(actor=fed.actor("wang"), bookable_id=beds.pk, reason="")
    with pytest.raises(ForbiddenError):
        bookable_end(actor=fed.actor("ma"), bookable_id=beds.pk, reason="搬家")
    for _ in range(2):
        bookable_end(actor=fed.actor("wang"), bookable_id=beds.pk, reason="驿站搬家")
    stay.refresh_from_db()
    assert stay.state == BookingState.DROPPED
    assert not BookedCell.objects.exists()
    assert held(beds, fed.actor("zhao"), SATURDAY).fault is BookingFault.OFF


@pytest.mark.parametrize("seed", [1, 2])
def test_a_random_walk_refuses_exactly_who_does_not_fit(fed, seed) -> None:
    """Takes some seconds on a busy machine: 120 steps, each compared with a list of nights."""
    chance = random.Random(seed)  # noqa: S311  (a walk that can be walked again)
    beds = bookable_make(fed.organisation("jiangwan"), 3, most=4, most_units=2)
    people = ["lin", "zhao", "tang", "wang", "sun", "chen", "zhou", "ma"]
    mine: dict[str, list[Booking]] = {who: [] for who in people}
    seats: dict[int, int] = {}
    for _step in range(120):
        who = chance.choice(people)
        if mine[who] and chance.random() < 0.35:
            gone = mine[who].pop(chance.randrange(len(mine[who])))
            booking_cancel(actor=fed.actor(who), booking_id=gone.pk)
            for cell in gone.run:
                seats[cell] -= gone.size
            continue
        first, length, size = chance.randrange(12), chance.randint(1, 4), chance.choice([1, 1, 2])
        found = held(beds, fed.actor(who), SATURDAY + dt.timedelta(days=first), length, size=size)
        cells = [SATURDAY.toordinal() + first + number for number in range(length)]
        fits = all(seats.get(cell, 0) + size <= 3 for cell in cells)
        twice = any(set(cells) & set(one.run) for one in mine[who])
        if not fits:
            assert found.fault is BookingFault.FULL
        elif twice:
            assert found.fault is BookingFault.TWICE
        else:
            assert found.booking is not None, (found, seats)
            # Asked for at once, so that her next wish does not let it go.
            mine[who].append(booked_held(found, fed.actor(who)))
            for cell in cells:
                seats[cell] = seats.get(cell, 0) + size
        sound()


def booked_held(found, actor) -> Booking:
    return booking_ask(actor=actor, booking_id=found.booking.pk, details={"name": "林"})
