"""What is refused at the desk stays where it was typed, and says why; nothing is moved into the past."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from lianxin.allocation.rules.bookings import BookingState
from lianxin.allocation.rules.grid import Grain, cells_of_day
from lianxin.allocation.services import booking_cancel, booking_confirm, booking_move
from lianxin.allocation.testing import bookable_make, booked
from lianxin.allocation.tests.test_booking_pages import client_of, form_of, text
from lianxin.allocation.tests.test_bookings import NOON, SATURDAY
from lianxin.kit.errors import RefusedError
from lianxin.kit.testing import stopped_clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with stopped_clock(NOON) as hands:
        yield hands


def test_a_move_that_is_refused_keeps_day_place_and_reason(fed) -> None:
    beds, more = (bookable_make(fed.organisation("yangtze"), 1, title=title) for title in ("一号", "二号"))  # fmt: skip
    stay = booked(beds, fed.actor("lin"), SATURDAY)
    booked(more, fed.actor("zhao"), SATURDAY)
    wang = client_of(fed, "wang")
    answer = wang.post(
        reverse("allocation:booking_move", args=[stay.pk]),
        {"bookable": more.pk, "day": SATURDAY, "reason": "一号修空调"},
    )
    page = text(answer)
    assert answer.status_code == 200
    assert page.count("二号那段时间没有空的") == 1, "said once, at the form"
    assert 'role="alert"' in page
    kept = form_of(page[page.index("/move/") :].partition("</form>")[0])
    assert "一号修空调</textarea>" in page
    assert kept["day"] == str(SATURDAY)
    assert f'value="{more.pk}" selected' in page
    stay.refresh_from_db()
    assert stay.bookable == beds


def test_a_no_that_comes_late_is_said_on_the_page_that_has_no_place_for_it(fed) -> None:
    hall = bookable_make(fed.organisation("yangtze"), 1, answer="asked")
    asked = booked(hall, fed.actor("lin"), SATURDAY)
    booking_confirm(actor=fed.actor("wang"), booking_id=asked.pk)
    wang = client_of(fed, "wang")
    answer = wang.post(reverse("allocation:booking_refuse", args=[asked.pk]), {"reason": "满了"})
    assert answer.status_code == 200
    assert len(list(get_messages(answer.wsgi_request))) == 1
    assert "message error" in text(answer)
    asked.refresh_from_db()
    assert asked.state == BookingState.CONFIRMED
    booking_cancel(actor=fed.actor("lin"), booking_id=asked.pk)
    moved = wang.post(
        reverse("allocation:booking_move", args=[asked.pk]),
        {"bookable": hall.pk, "day": SATURDAY, "reason": "检修"},
    )
    assert "message error" in text(moved)


def test_a_no_without_a_reason_stays_open_where_it_was_typed(fed) -> None:
    hall = bookable_make(fed.organisation("yangtze"), 1, answer="asked")
    asked = booked(hall, fed.actor("lin"), SATURDAY)
    wang = client_of(fed, "wang")
    for name in ("booking_refuse", "booking_drop"):
        page = text(wang.post(reverse(f"allocation:{name}", args=[asked.pk]), {"reason": " "}))
        assert "<details open>" in page or '<details class="card" open>' in page
        assert 'role="alert"' in page
        assert "message error" not in page
    wang.post(reverse("allocation:booking_refuse", args=[asked.pk]), {"reason": "检修"})
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (BookingState.REFUSED, "检修")


def test_hours_are_moved_from_the_hour_they_have_and_never_into_the_past(fed, clock) -> None:
    hall = bookable_make(fed.organisation("yangtze"), 1, grain=Grain.HALF_HOUR, most=8)
    stay = booked(hall, fed.actor("zhao"), SATURDAY, 4, half=37)
    wang, desk = client_of(fed, "wang"), reverse("allocation:booking_desk", args=[stay.pk])
    move = reverse("allocation:booking_move", args=[stay.pk])
    assert form_of(text(wang.get(desk)))["time"] == "18:30"
    sent = {"bookable": hall.pk, "day": SATURDAY + dt.timedelta(days=1), "reason": "检修"}
    assert 'role="alert"' in text(wang.post(move, sent)), "not to midnight without being asked"
    wang.post(move, sent | {"time": "18:30"})
    stay.refresh_from_db()
    assert stay.first == cells_of_day(Grain.HALF_HOUR, SATURDAY + dt.timedelta(days=1)).first + 37
    past = {"day": NOON.date(), "time": "9:00"}
    page = text(wang.post(move, sent | past))
    assert "这个时间已经过去了" in page
    earlier = cells_of_day(Grain.HALF_HOUR, NOON.date()).first
    with pytest.raises(RefusedError) as refused:
        booking_move(actor=fed.actor("wang"), booking_id=stay.pk, bookable_id=hall.pk, first=earlier, reason="检修")  # fmt: skip
    assert refused.value.field == "day"
    first = stay.first
    stay.refresh_from_db()
    assert stay.first == first
