"""Bookings: held, asked for, answered, given back; nobody overlaps, nobody is refused who fits."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from lianxin.allocation.models import BookedCell, Booking, BookingEntry
from lianxin.allocation.rules.bookings import BookingFault, BookingState, Guests, Unions
from lianxin.allocation.rules.grid import Grain
from lianxin.allocation.selectors.booking_words import booking_sentence
from lianxin.allocation.services import (
    booking_ask,
    booking_cancel,
    booking_confirm,
    booking_drop,
    booking_hold,
    booking_move,
    booking_refuse,
    bookings_end,
    bookings_lapse,
    past_purge,
)
from lianxin.allocation.services.booking_privacy import bookings_erase, bookings_export
from lianxin.allocation.testing import bookable_make, booked, held, wish_of
from lianxin.audit.api import AuditRow
from lianxin.jobs.testing import run_periodic, settle
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.kit.testing import stopped_clock
from lianxin.notify.testing import letters_to

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
SATURDAY = dt.date(2026, 11, 28)
DETAILS = {"name": "林晓梅", "phone": "19900000001"}


@pytest.fixture(autouse=True)
def clock():
    with stopped_clock(NOON) as hands:
        yield hands


def sound() -> None:
    """What the database holds is what the bookings say: no cell too many, none missing."""
    for booking in Booking.objects.all():
        wanted = {(unit, cell) for unit in booking.units for cell in booking.run}
        taking = booking.state in {"held", "asked", "confirmed", "used"}
        found = set(booking.cells.values_list("unit", "cell"))
        assert found == (wanted if taking else set()), booking.state
    cells = list(BookedCell.objects.values_list("bookable", "unit", "cell"))
    assert len(cells) == len(set(cells))


def test_beds_are_booked_until_there_are_none_and_come_back(fed) -> None:
    beds = bookable_make(fed.organisation("jiangwan"), 2)
    first = booked(beds, fed.actor("lin"), SATURDAY, 2)
    second = booked(beds, fed.actor("zhao"), SATURDAY, 1)
    assert (first.state, second.state) == (BookingState.CONFIRMED, BookingState.CONFIRMED)
    assert first.units != second.units
    assert held(beds, fed.actor("tang"), SATURDAY).fault is BookingFault.FULL
    booking_cancel(actor=fed.actor("zhao"), booking_id=second.pk)
    assert held(beds, fed.actor("tang"), SATURDAY).booking is not None
    sound()


def test_a_double_tap_a_second_device_and_a_late_repeat_come_to_one_booking(fed) -> None:
    beds = bookable_make(fed.organisation("jiangwan"))
    wish = wish_of(beds, SATURDAY, 2)
    first, again = (booking_hold(actor=fed.actor("lin"), wish=wish) for _ in range(2))
    assert (first.is_new, again.is_new) == (True, False)
    assert first.booking == again.booking
    for _ in range(2):
        asked = booking_ask(actor=fed.actor("lin"), booking_id=first.booking.pk, details=DETAILS)
    assert asked.state == BookingState.CONFIRMED
    assert AuditRow.objects.filter(action="allocation.booking_confirmed").count() == 1
    booking_cancel(actor=fed.actor("lin"), booking_id=asked.pk)
    late = booking_hold(actor=fed.actor("lin"), wish=wish)
    assert (late.is_new, late.booking.state) == (False, BookingState.CANCELLED)
    assert Booking.objects.count() == 1


def test_a_hold_that_is_left_is_let_go_and_blocks_nobody_meanwhile(fed, clock) -> None:
    beds = bookable_make(fed.organisation("jiangwan"), 1, hold_minutes=30)
    mine = held(beds, fed.actor("lin"), SATURDAY).booking
    assert held(beds, fed.actor("zhao"), SATURDAY).fault is BookingFault.FULL
    clock.move(minutes=31)
    theirs = held(beds, fed.actor("zhao"), SATURDAY).booking
    assert theirs is not None, "even before the job comes round"
    with pytest.raises(StaleError):
        booking_ask(actor=fed.actor("lin"), booking_id=mine.pk, details=DETAILS)
    clock.move(minutes=31)
    assert bookings_lapse() == 1
    assert bookings_lapse() == 0
    sound()


def test_a_form_that_comes_late_counts_while_nobody_else_came(fed, clock) -> None:
    beds = bookable_make(fed.organisation("jiangwan"), 1)
    mine = held(beds, fed.actor("lin"), SATURDAY).booking
    clock.move(minutes=45)
    assert booking_ask(actor=fed.actor("lin"), booking_id=mine.pk, details=DETAILS).is_running


def test_who_chooses_again_lets_go_what_she_held(fed) -> None:
    beds = bookable_make(fed.organisation("jiangwan"), 1, series="stay")
    other = bookable_make(fed.organisation("jiangwan"), 1, series="stay")
    first = held(beds, fed.actor("lin"), SATURDAY).booking
    second = held(beds, fed.actor("lin"), SATURDAY, 2).booking
    third = held(other, fed.actor("lin"), SATURDAY, 2).booking
    states = [Booking.objects.get(pk=one.pk).state for one in (first, second, third)]
    assert states == ["lapsed", "lapsed", "held"]
    sound()


def test_a_form_sent_again_or_for_a_union_lets_go_nothing_she_holds(fed) -> None:
    terms = {"series": "stay", "unions": Unions.BELOW}
    beds, other = (bookable_make(fed.organisation("jialing"), 2, **terms) for _ in range(2))
    wang = fed.actor("wang")
    wish = wish_of(beds, SATURDAY)
    first = booking_hold(actor=wang, wish=wish).booking
    second = held(other, wang, SATURDAY).booking
    again = booking_hold(actor=wang, wish=wish)
    assert (again.booking, again.is_new) == (first, False)
    assert held(beds, wang, SATURDAY, union_id=fed.organisation("yangtze").pk).booking
    assert Booking.objects.get(pk=second.pk).state == BookingState.HELD
    sound()


def test_nights_and_half_hours_of_one_series_are_not_added_up(fed) -> None:
    beds = bookable_make(fed.organisation("jiangwan"), 2, series="stay", per_life=3)
    hall = bookable_make(fed.organisation("jiangwan"), 2, series="stay", grain=Grain.HALF_HOUR, most=8)  # fmt: skip
    booked(hall, fed.actor("lin"), SATURDAY - dt.timedelta(days=1), 8, half=20)
    assert booked(beds, fed.actor("lin"), SATURDAY, 3).is_running
    assert held(beds, fed.actor("lin"), SATURDAY + dt.timedelta(days=9)).fault is BookingFault.LIFE


def test_nobody_sleeps_in_two_beds_and_nights_are_counted_together(fed) -> None:
    terms = {"series": "stay", "per_life": 7, "most": 7}
    beds, other = (bookable_make(fed.organisation("jiangwan"), 4, **terms) for _ in range(2))
    booked(beds, fed.actor("lin"), SATURDAY, 3)
    assert held(other, fed.actor("lin"), SATURDAY).fault is BookingFault.TWICE
    booked(other, fed.actor("lin"), SATURDAY + dt.timedelta(days=10), 2)
    refused = held(beds, fed.actor("lin"), SATURDAY + dt.timedelta(days=20), 3)
    assert (refused.fault, refused.left) == (BookingFault.LIFE, 2)
    given_back = booked(beds, fed.actor("lin"), SATURDAY + dt.timedelta(days=20), 2)
    booking_cancel(actor=fed.actor("lin"), booking_id=given_back.pk)
    assert booked(beds, fed.actor("lin"), SATURDAY + dt.timedelta(days=30), 2).is_running
    sound()


def test_nights_slept_count_and_staying_away_leaves_no_mark(fed, clock) -> None:
    beds = bookable_make(fed.organisation("jiangwan"), 4, per_life=3)
    stay = booked(beds, fed.actor("lin"), SATURDAY, 3)
    clock.move(days=20)
    run_periodic("allocation.tend_bookings")
    stay.refresh_from_db()
    assert stay.state == BookingState.USED
    assert held(beds, fed.actor("lin"), SATURDAY + dt.timedelta(days=30)).left == 0
    assert not [one.name for one in Booking._meta.get_fields() if "show" in one.name]


def test_nobody_is_refused_while_each_night_has_a_bed(fed, clock) -> None:
    beds = bookable_make(fed.organisation("jiangwan"), 2, most=5)
    day = lambda number: SATURDAY + dt.timedelta(days=number)  # noqa: E731
    booked(beds, fed.actor("lin"), day(0), 2)  # bed 1: nights 0 1
    booked(beds, fed.actor("zhao"), day(1), 2)  # bed 2: nights 1 2
    booked(beds, fed.actor("sun"), day(3), 2)  # fills behind bed 2: nights 3 4
    booked(beds, fed.actor("chen"), day(4), 1)  # bed 1: night 4
    # Each of the nights 2 and 3 has one bed left, though not the same one unless somebody moves over.
    last = booked(beds, fed.actor("tang"), day(2), 2)
    assert last.state == BookingState.CONFIRMED
    sound()
    assert held(beds, fed.actor("ma"), day(2)).fault is BookingFault.FULL


def test_who_is_there_already_keeps_her_bed_when_others_are_seated_anew(fed, clock) -> None:
    beds = bookable_make(fed.organisation("jiangwan"), 2, most=9)
    day = lambda number: SATURDAY + dt.timedelta(days=number)  # noqa: E731
    guest = booked(beds, fed.actor("lin"), day(0), 4)
    booked(beds, fed.actor("zhao"), day(1), 1)
    clock.set(dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC))
    for number, who in enumerate(("sun", "chen", "tang"), start=2):
        assert booked(beds, fed.actor(who), day(number), 1).is_running
    assert Booking.objects.get(pk=guest.pk).units == guest.units
    sound()


def test_a_request_is_answered_with_a_clock_and_told_at_each_step(fed, clock) -> None:
    hall = bookable_make(
        fed.organisation("yangtze"), 1, grain=Grain.HALF_HOUR, most=8, answer="asked", answer_days=2
    )  # fmt: skip
    asked = booked(hall, fed.actor("lin"), SATURDAY, 4, half=20)
    assert asked.state == BookingState.ASKED
    settle()
    assert asked.due_at == dt.datetime(2026, 11, 25, 10, tzinfo=dt.UTC), "two working days"
    assert letters_to(fed.account_id("lin"))[0].kind == "allocation.booking_asked"
    [letter] = letters_to(fed.account_id("wang"))
    assert str(asked.pk) in letter.url
    for who in ("lin", "zhao", "ma", "tang"):
        with pytest.raises(ForbiddenError):
            booking_confirm(actor=fed.actor(who), booking_id=asked.pk)
    for _ in range(2):
        booking_confirm(actor=fed.actor("wang"), booking_id=asked.pk)
    settle()
    assert len(letters_to(fed.account_id("lin"))) == 2
    with pytest.raises(StaleError):
        booking_refuse(actor=fed.actor("wang"), booking_id=asked.pk, reason="满了")


def test_a_no_has_a_reason_and_frees_the_cells(fed) -> None:
    hall = bookable_make(fed.organisation("yangtze"), 1, answer="asked")
    asked = booked(hall, fed.actor("lin"), SATURDAY)
    with pytest.raises(RefusedError) as refused:
        booking_refuse(actor=fed.actor("wang"), booking_id=asked.pk, reason="  ")
    assert refused.value.field == "reason"
    booking_refuse(actor=fed.actor("wang"), booking_id=asked.pk, reason="那天消防检查。")
    settle()
    assert any("消防" in letter.body for letter in letters_to(fed.account_id("lin")))
    assert booked(hall, fed.actor("zhao"), SATURDAY).is_running
    sound()


def test_nobody_answers_her_own_request_and_who_arranges_it_need_not_ask(fed) -> None:
    hall = bookable_make(fed.organisation("beicang"), 1, answer="asked", unions=Unions.BELOW)
    asked = booked(hall, fed.actor("wang"), SATURDAY, union_id=fed.organisation("yangtze").pk)
    assert asked.state == BookingState.ASKED
    with pytest.raises(ForbiddenError):
        booking_confirm(actor=fed.actor("wang"), booking_id=asked.pk)
    own = booked(hall, fed.actor("sun"), SATURDAY + dt.timedelta(days=1), union_id=fed.organisation("beicang").pk)  # fmt: skip
    assert own.state == BookingState.CONFIRMED


def test_silence_goes_up_the_tree_working_day_by_working_day(fed, clock) -> None:
    hall = bookable_make(fed.organisation("yangtze"), 1, answer="asked", answer_days=1)
    asked = booked(hall, fed.actor("lin"), SATURDAY)
    settle()
    heard = lambda who: len(letters_to(fed.account_id(who)))  # noqa: E731
    assert (heard("wang"), heard("sun"), heard("chen")) == (1, 0, 0)
    clock.set(asked.due_at)
    settle()
    assert (heard("wang"), heard("sun")) == (2, 0), "reminded first"
    clock.move(days=1)
    settle()
    settle()
    assert (heard("wang"), heard("sun"), heard("chen")) == (3, 1, 0)
    clock.move(days=1)
    settle()
    assert heard("chen") == 1
    booking_confirm(actor=fed.actor("sun"), booking_id=asked.pk)
    clock.move(days=4)
    settle()
    assert heard("chen") == 1, "answered is answered"


def test_what_nobody_answered_before_it_began_is_let_go_with_an_apology(fed, clock) -> None:
    hall = bookable_make(fed.organisation("yangtze"), 1, answer="asked")
    asked = booked(hall, fed.actor("lin"), SATURDAY)
    clock.set(asked.starts_at)
    run_periodic("allocation.tend_bookings")
    asked.refresh_from_db()
    assert asked.state == BookingState.LAPSED
    assert letters_to(fed.account_id("lin"))[0].kind == "allocation.booking_lapsed"
    sound()


def test_a_stay_is_cut_short_and_the_rest_goes_to_others(fed, clock) -> None:
    beds = bookable_make(fed.organisation("jiangwan"), 1, most=5)
    stay = booked(beds, fed.actor("lin"), SATURDAY, 4)
    clock.set(stay.starts_at + dt.timedelta(days=1, hours=1))
    left = booking_cancel(actor=fed.actor("lin"), booking_id=stay.pk)
    assert (left.state, left.run.length) == (BookingState.USED, 2)
    assert booked(beds, fed.actor("zhao"), SATURDAY + dt.timedelta(days=2), 2).is_running
    sound()


def test_a_booking_is_moved_or_taken_back_with_word_to_her(fed) -> None:
    rooms, more = (bookable_make(fed.organisation("jiangwan"), 1, title=title) for title in ("一号间", "二号间"))  # fmt: skip
    stay = booked(rooms, fed.actor("lin"), SATURDAY, 2)
    officer = fed.actor("chen")
    with pytest.raises(ForbiddenError):
        booking_move(actor=officer, booking_id=stay.pk, bookable_id=more.pk, first=stay.first, reason="检修")  # fmt: skip
    arranging = fed.actor("zhou")
    moved = booking_move(actor=arranging, booking_id=stay.pk, bookable_id=more.pk, first=stay.first, reason="一号间检修")  # fmt: skip
    assert (moved.bookable_id, moved.state) == (more.pk, BookingState.CONFIRMED)
    booked(rooms, fed.actor("tang"), SATURDAY)
    with pytest.raises(RefusedError):
        booking_move(actor=arranging, booking_id=stay.pk, bookable_id=rooms.pk, first=stay.first, reason="回去")  # fmt: skip
    booking_drop(actor=arranging, booking_id=stay.pk, reason="停水三天")
    settle()
    told = [letter.kind for letter in letters_to(fed.account_id("lin"))]
    assert "allocation.booking_dropped" in told
    assert list(BookingEntry.objects.filter(booking=stay).order_by("seq").values_list("verb", flat=True)) == ["held", "confirmed", "moved", "dropped"]  # fmt: skip
    sound()


def test_who_may_book_is_asked_of_person_and_union(fed) -> None:
    below = bookable_make(fed.organisation("jialing"), 1, guests=Guests.UNION)
    with pytest.raises(RefusedError):
        held(below, fed.actor("zhao"), SATURDAY)
    with pytest.raises(RefusedError):
        held(below, fed.actor("tang"), SATURDAY)
    assert held(below, fed.actor("lin"), SATURDAY).booking
    unions = bookable_make(fed.organisation("jialing"), 1, guests=Guests.NOBODY, unions=Unions.BELOW)  # fmt: skip
    with pytest.raises(RefusedError):
        held(unions, fed.actor("lin"), SATURDAY)
    for who, union in (("ma", "riverside"), ("wang", "beicang"), ("lin", "yangtze")):
        with pytest.raises(ForbiddenError):
            held(unions, fed.actor(who), SATURDAY, union_id=fed.organisation(union).pk)
    assert held(unions, fed.actor("wang"), SATURDAY, union_id=fed.organisation("yangtze").pk).booking  # fmt: skip


def test_nobody_touches_what_is_anothers(fed) -> None:
    beds = bookable_make(fed.organisation("jiangwan"), 1)
    mine = held(beds, fed.actor("lin"), SATURDAY).booking
    for who in ("zhao", "wang", "ma"):
        with pytest.raises(ForbiddenError):
            booking_ask(actor=fed.actor(who), booking_id=mine.pk, details=DETAILS)
        with pytest.raises(ForbiddenError):
            booking_cancel(actor=fed.actor(who), booking_id=mine.pk)


def test_several_beds_at_once_are_all_or_nothing(fed) -> None:
    beds = bookable_make(fed.organisation("jiangwan"), 3, most_units=3)
    assert len(booked(beds, fed.actor("lin"), SATURDAY, 2, size=2).units) == 2
    assert held(beds, fed.actor("zhao"), SATURDAY, size=2).fault is BookingFault.FULL
    assert BookedCell.objects.count() == 4


def test_what_was_told_is_forgotten_three_months_after_the_end(fed, clock) -> None:
    beds = bookable_make(fed.organisation("yangtze"), 3)
    stays = [booked(beds, fed.actor(who), SATURDAY) for who in ("lin", "zhao")]
    booking_drop(actor=fed.actor("wang"), booking_id=stays[0].pk, reason="停水三天")
    clock.set(stays[0].ends_at + dt.timedelta(days=89))
    bookings_end()
    assert past_purge() == 0
    clock.move(days=2)
    later = booked(beds, fed.actor("tang"), SATURDAY + dt.timedelta(days=99))
    assert past_purge() == 3, "two bookings, and the line that gave the reason"
    assert past_purge() == 0
    for stay in stays:
        stay.refresh_from_db()
        assert (stay.details, stay.reason, stay.account is None) == (None, "", False)
    assert [one.state for one in stays] == [BookingState.DROPPED, BookingState.USED]
    assert not BookingEntry.objects.exclude(words="").exists()
    with translation.override("en"):
        assert booking_sentence(stays[0]) == "It was called off, and we are sorry."
    assert [one["told"] for one in bookings_export(fed.account_id("tang"))] == [DETAILS]
    assert later.is_running


def test_her_copy_tells_it_all_and_closing_the_account_gives_it_back(fed) -> None:
    beds = bookable_make(fed.organisation("jiangwan"), 1)
    stay = booked(beds, fed.actor("lin"), SATURDAY)
    [told] = bookings_export(fed.account_id("lin"))
    assert told["told"] == DETAILS
    bookings_erase(fed.account_id("lin"))
    bookings_erase(fed.account_id("lin"))
    stay.refresh_from_db()
    assert (stay.account, stay.state, stay.details) == (None, BookingState.CANCELLED, None)
    assert not BookingEntry.objects.exclude(actor=None).exists()
    assert bookings_export(fed.account_id("lin")) == []
    assert bookings_end() == 0
    sound()
