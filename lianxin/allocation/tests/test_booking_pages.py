"""The pages of bookings: for a visitor, for Lin, Wang and Zhao, with the wrong verb and the tired phone."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.allocation.models import Bookable, Booking
from lianxin.allocation.rules.bookings import BookingState, Guests, Unions
from lianxin.allocation.rules.grid import Grain
from lianxin.allocation.rules.offering import BookingPlace, booking_places
from lianxin.allocation.testing import bookable_make, booked, held
from lianxin.allocation.tests.test_bookings import NOON, SATURDAY
from lianxin.kit.ids import new_id
from lianxin.kit.testing import stopped_clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with stopped_clock(NOON) as hands:
        yield hands


def client_of(fed, key: str = "") -> Client:
    client = Client()
    if key:
        sign_in(client, fed.account(key), second_factor=True)
    return client


def text(answer) -> str:
    return str(answer.content.decode())


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page) or re.search(rf'value="([^"]*)"[^>]*name="{name}"', page)  # fmt: skip
    assert found, name
    return found[1]


def test_everybody_looks_without_signing_in_and_books_after(fed) -> None:
    beds = bookable_make(fed.organisation("jiangwan"), 2, place="江湾街 3 号")
    visitor = client_of(fed)
    assert "江湾青年驿站" in text(visitor.get(reverse("allocation:bookable_list")))
    assert "江湾青年驿站" in text(visitor.get(reverse("allocation:bookable_list"), {"q": "江湾街", "unit": "bed", "district": "JZ-BH"}))  # fmt: skip
    assert "江湾青年驿站" not in text(visitor.get(reverse("allocation:bookable_list"), {"district": "JZ-JL"}))  # fmt: skip
    page = text(visitor.get(reverse("allocation:bookable", args=[beds.pk])))
    assert f"?day={SATURDAY}" in page
    chosen = text(
        visitor.get(reverse("allocation:bookable", args=[beds.pk]), {"day": str(SATURDAY)})
    )
    assert "sign-in" in chosen or "/sign" in chosen
    assert '<button class="button primary wide">' not in chosen
    answer = visitor.post(reverse("allocation:booking_hold", args=[beds.pk]), {})
    assert answer.status_code == 302
    assert not Booking.objects.exists()


def test_lin_books_in_two_pages_and_the_tired_phone_books_once(fed) -> None:
    beds = bookable_make(fed.organisation("jiangwan"), 2)
    lin = client_of(fed, "lin")
    chosen = text(lin.get(reverse("allocation:bookable", args=[beds.pk]), {"day": str(SATURDAY)}))
    sent = {"first": hidden(chosen, "first"), "key": hidden(chosen, "key"), "last": str(SATURDAY.toordinal() + 1)}  # fmt: skip
    answers = [lin.post(reverse("allocation:booking_hold", args=[beds.pk]), sent) for _ in range(2)]
    assert len({answer.url for answer in answers}) == 1
    [booking] = Booking.objects.all()
    form = text(lin.get(answers[0].url))
    assert "林晓梅" in form, "what we know is filled in"
    assert "199" in form
    details = {"name": "林晓梅", "phone": "199 0000 0001", "note": "晚上十点到"}
    for _ in range(2):
        answer = lin.post(answers[0].url, details)
        assert answer.url == reverse("allocation:booking", args=[booking.pk])
    booking.refresh_from_db()
    assert booking.state == BookingState.CONFIRMED
    page = text(lin.get(answer.url))
    assert "2 晚" in page
    ics = lin.get(reverse("allocation:booking_calendar", args=[booking.pk]))
    assert "DTSTART:20261128T060000Z" in text(ics)
    assert "江湾青年驿站" in text(lin.get(reverse("allocation:booking_mine")))
    assert "江湾青年驿站" in text(lin.get("/"))
    for _ in range(2):
        lin.post(reverse("allocation:booking_cancel", args=[booking.pk]))
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED
    assert lin.get(reverse("allocation:booking_calendar", args=[booking.pk])).status_code == 404


def test_what_is_anothers_is_not_there_and_nothing_is_read_by_a_wrong_verb(fed) -> None:
    beds = bookable_make(fed.organisation("jiangwan"), 2)
    booking = held(beds, fed.actor("lin"), SATURDAY).booking
    own = ["booking", "booking_ask", "booking_calendar"]
    for who in ("zhao", "wang", "ma"):
        client = client_of(fed, who)
        for name in own:
            assert client.get(reverse(f"allocation:{name}", args=[booking.pk])).status_code == 404
        assert client.post(reverse("allocation:booking_cancel", args=[booking.pk])).status_code == 404  # fmt: skip
    lin = client_of(fed, "lin")
    assert lin.get(reverse("allocation:booking_cancel", args=[booking.pk])).status_code == 405
    assert lin.get(reverse("allocation:booking_hold", args=[beds.pk])).status_code == 405
    assert lin.post(reverse("allocation:booking", args=[booking.pk])).status_code == 405
    booking.refresh_from_db()
    assert booking.state == BookingState.HELD


def test_what_cannot_be_is_said_in_a_sentence_and_loses_nothing(fed) -> None:
    beds = bookable_make(fed.organisation("jiangwan"), 1)
    booked(beds, fed.actor("zhao"), SATURDAY)
    lin = client_of(fed, "lin")
    first = SATURDAY.toordinal()
    for sent in (
        {"first": first, "last": first, "key": "a"},
        {"first": first + 1, "last": first + 9, "key": "b"},
        {"first": first - 30, "last": first - 30, "key": "c"},
    ):
        answer = lin.post(reverse("allocation:booking_hold", args=[beds.pk]), sent, follow=True)
        assert answer.status_code == 200
        assert "message error" in text(answer)
    for broken in ({}, {"first": "x"}, {"first": 3, "last": 2, "key": "d"}, {"first": 9**20, "last": 9**20, "key": "e"}):  # fmt: skip
        assert lin.post(reverse("allocation:booking_hold", args=[beds.pk]), broken, follow=True).status_code in {200, 404}  # fmt: skip
    for query in ("?month=2026-13", "?day=nonsense", "?first=99999999999", "?first=-1", "?month=9999-12", "?first=1"):  # fmt: skip
        assert lin.get(reverse("allocation:bookable", args=[beds.pk]) + query).status_code == 200
    assert Booking.objects.count() == 1


def test_a_choice_that_is_refused_is_still_chosen_and_says_why(fed) -> None:
    beds = bookable_make(fed.organisation("jiangwan"), 3, most_units=3)
    lin, first = client_of(fed, "lin"), SATURDAY.toordinal()
    hold = reverse("allocation:booking_hold", args=[beds.pk])
    back = reverse("allocation:bookable", args=[beds.pk]) + f"?first={first}#choose"
    good = {"first": first, "last": first, "size": 1, "key": "a"}
    members = bookable_make(fed.organisation("jialing"), 1, guests=Guests.UNION)
    for sent, words in (
        (good | {"size": ""}, "几"),
        (good | {"size": 501}, "500"),
        (good | {"last": 2_000_000_000}, "请从日历里选一天"),
        (good | {"size": 9}, "3 张床"),
    ):
        answer = lin.post(hold, sent)
        assert (answer.status_code, answer.url) == (302, back)
        page = text(lin.get(answer.url))
        assert words in page[page.index("message error") :][:400]
        assert hidden(page, "first") == str(first)
    zhao = client_of(fed, "zhao")
    answer = zhao.post(reverse("allocation:booking_hold", args=[members.pk]), good)
    assert answer.url.endswith(f"?first={first}#choose")
    assert "message error" in text(zhao.get(answer.url))
    assert lin.post(hold, {"first": "x"}).url == reverse("allocation:bookable", args=[beds.pk])
    assert not Booking.objects.exists()


@pytest.mark.parametrize("grain", Grain)
def test_a_number_that_is_no_cell_is_no_choice_and_no_fault_of_the_page(fed, grain) -> None:
    thing = bookable_make(fed.organisation("yangtze"), 1, grain=grain, most=8)
    page = reverse("allocation:bookable", args=[thing.pk])
    lin, wang = client_of(fed, "lin"), client_of(fed, "wang")
    for cell in (0, 1, 3652059, 3652060, 99999999, 2000000000):
        assert lin.get(page, {"first": cell}).status_code == 200
        for sent in ({"first": cell, "last": cell}, {"first": SATURDAY.toordinal(), "last": cell}):
            answer = lin.post(reverse("allocation:booking_hold", args=[thing.pk]), sent | {"key": "a"}, follow=True)  # fmt: skip
            assert answer.status_code in {200, 404}
    assert not Booking.objects.exists()
    stay = booked(thing, fed.actor("zhao"), SATURDAY, half=20 if grain is Grain.HALF_HOUR else 0)
    for day in ("0001-01-01", "1999-12-31", "2101-01-01", "9999-12-31"):
        where = {"bookable": thing.pk, "day": day, "time": "9:00", "reason": "检修"}
        answer = wang.post(reverse("allocation:booking_move", args=[stay.pk]), where)
        assert answer.status_code == 200
        assert "请从日历里选一天" in text(answer)
    first = stay.first
    stay.refresh_from_db()
    assert stay.first == first


def test_a_form_left_open_too_long_leads_back_to_the_calendar(fed, clock) -> None:
    beds = bookable_make(fed.organisation("jiangwan"), 1)
    booking = held(beds, fed.actor("lin"), SATURDAY).booking
    clock.move(minutes=31)
    held(beds, fed.actor("zhao"), SATURDAY)
    lin = client_of(fed, "lin")
    ask = reverse("allocation:booking_ask", args=[booking.pk])
    answer = lin.post(ask, {"name": "林", "phone": "1"}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("allocation:booking", args=[booking.pk])
    assert "重新选" in text(answer)


def test_an_officer_books_a_hall_for_her_union_by_the_hour(fed) -> None:
    hall = bookable_make(
        fed.organisation("jialing"), 1, title="区职工文化宫多功能厅", grain=Grain.HALF_HOUR, most=8,
        guests=Guests.NOBODY, unions=Unions.BELOW, answer="asked", unit="hall",
    )  # fmt: skip
    wang = client_of(fed, "wang")
    day = text(wang.get(reverse("allocation:bookable", args=[hall.pk]), {"day": str(SATURDAY)}))
    first = re.findall(r"\?first=(\d+)#choose", day)[20]
    chosen = text(wang.get(reverse("allocation:bookable", args=[hall.pk]), {"first": first}))
    assert "扬子机械厂工会" in chosen
    sent = {"first": first, "last": int(first) + 3, "key": hidden(chosen, "key"), "union": fed.organisation("yangtze").pk}  # fmt: skip
    ask = wang.post(reverse("allocation:booking_hold", args=[hall.pk]), sent).url
    refused = wang.post(ask, {"name": "王建国", "phone": "1"})
    assert refused.status_code == 200, "what for and how many is missing"
    wang.post(ask, {"name": "王建国", "phone": "199", "purpose": "读书会", "people": "40"})
    [booking] = Booking.objects.all()
    assert (booking.state, booking.union) == (BookingState.ASKED, fed.organisation("yangtze"))

    sun, guo = client_of(fed, "sun"), client_of(fed, "guo")
    desk = reverse("allocation:booking_desk", args=[booking.pk])
    assert sun.get(desk).status_code == 200, "the street sees what its union booked"
    assert "读书会" not in text(guo.get(desk))
    opened = text(guo.post(reverse("allocation:booking_open", args=[booking.pk])))
    assert "读书会" in opened
    assert sun.post(reverse("allocation:booking_confirm", args=[booking.pk]), follow=True).status_code == 200  # fmt: skip
    booking.refresh_from_db()
    assert booking.state == BookingState.ASKED, "who only booked does not answer"
    guo.post(reverse("allocation:booking_refuse", args=[booking.pk]), {"reason": ""})
    for _ in range(2):
        guo.post(reverse("allocation:booking_confirm", args=[booking.pk]))
    booking.refresh_from_db()
    assert booking.state == BookingState.CONFIRMED
    wang.post(reverse("allocation:booking_return", args=[booking.pk]))
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED


DESK = ["booking_list", "bookable_new"]
DESK_THING = ["bookable_desk", "bookable_edit", "bookable_end"]
DESK_BOOKING = ["booking_desk", "booking_open", "booking_confirm", "booking_refuse", "booking_drop",
                "booking_move", "booking_return"]  # fmt: skip


def test_the_desk_is_shut_to_workers_and_to_officers_elsewhere(fed) -> None:
    beds = bookable_make(fed.organisation("yangtze"), 2, answer="asked")
    booking = booked(beds, fed.actor("zhao"), SATURDAY)
    things = [reverse(f"allocation:{name}", args=[beds.pk]) for name in DESK_THING]
    things += [reverse(f"allocation:{name}", args=[booking.pk]) for name in DESK_BOOKING]
    for who, status in (("lin", {403}), ("zhao", {403}), ("ma", {404, 405}), ("fang", {404, 405})):
        client = client_of(fed, who)
        for path in things:
            assert client.get(path).status_code in status | {405}, (who, path)
            assert client.post(path, {"reason": "x"}).status_code in status | {405}, (who, path)
    for name in DESK:
        assert client_of(fed, "lin").get(reverse(f"allocation:{name}")).status_code == 403
        assert client_of(fed, "fang").get(reverse(f"allocation:{name}")).status_code == 404
    booking.refresh_from_db()
    assert booking.state == BookingState.ASKED


def form_of(page: str) -> dict[str, str]:
    """Read a form back as a browser would send it."""
    from html.parser import HTMLParser  # noqa: PLC0415  (one test reads forms)

    sent: dict[str, str] = {}

    class Reader(HTMLParser):
        name = ""

        def handle_starttag(self, tag, attrs):
            got = dict(attrs)
            if tag == "input" and got.get("name") and (got.get("type") != "checkbox" or "checked" in got):  # fmt: skip
                sent[got["name"]] = got.get("value") or "on"
                if got.get("type") not in {"checkbox", "hidden"} and not got.get("value"):
                    sent[got["name"]] = ""
            if tag in {"select", "textarea"}:
                self.name = got.get("name") or ""
                sent.setdefault(self.name, "")
            if tag == "option" and ("selected" in got or not sent.get(self.name)):
                sent[self.name] = got.get("value") or ""

        def handle_data(self, data):
            if self.name and self.get_starttag_text().startswith("<textarea"):
                sent[self.name] = data.strip("\n")

    Reader().feed(page)
    sent.pop("", None)
    return sent


def test_wang_offers_beds_changes_hours_and_says_what_becomes_of_whoever_had_booked(fed) -> None:
    wang = client_of(fed, "wang")
    new = reverse("allocation:bookable_new")
    sent = form_of(text(wang.get(new))) | {"title": "机械厂单身宿舍", "units": "2", "most": "5", "guests": "everybody"}  # fmt: skip
    for _ in range(2):
        answer = wang.post(f"{new}?grain=night", sent)
        assert answer.status_code == 302, re.findall(r'class="error"[^<]*<[^<]*<[^<]*', text(answer))  # fmt: skip
    beds = Bookable.objects.get()
    assert (beds.title, beds.units, beds.unit) == ("机械厂单身宿舍", 2, "bed")
    stay = booked(beds, fed.actor("zhao"), SATURDAY)

    edit = reverse("allocation:bookable_edit", args=[beds.pk])
    sent = form_of(text(wang.get(edit))) | {"closed": f"{SATURDAY}\n", "words": "带上身份证"}
    page = text(wang.post(edit, sent))
    assert f"plan-{stay.pk}" in page
    assert "赵" in page
    beds.refresh_from_db()
    assert beds.words == ""
    page = text(wang.post(edit, sent | {f"plan-{stay.pk}": "off", "reason": ""}))
    assert f"plan-{stay.pk}" in page, "a reason is missing, and the plan is still there"
    done = wang.post(edit, sent | {f"plan-{stay.pk}": "off", "reason": "消毒"})
    assert done.status_code == 302
    stay.refresh_from_db()
    beds.refresh_from_db()
    assert (stay.state, stay.reason, beds.words) == (BookingState.DROPPED, "消毒", "带上身份证")
    wrong = wang.post(edit, sent | {"closed": "下周六", "most": "0"})
    assert "下周六" in text(wrong)

    for _ in range(2):
        wang.post(reverse("allocation:bookable_end", args=[beds.pk]), {"reason": ""})
    beds.refresh_from_db()
    assert beds.off_at is not None


def test_hours_are_typed_by_the_day_and_a_place_of_another_app_can_be_chosen(fed) -> None:
    station = new_id()
    place = BookingPlace(kind="trial.station", object_id=station, title="北苍驿站")
    booking_places.fill("trial", lambda _actor: [place])
    try:
        wang = client_of(fed, "wang")
        new = reverse("allocation:bookable_new") + "?grain=half_hour"
        sent = form_of(text(wang.get(new))) | {
            "title": "北苍驿站会议室", "monday": "9:00-12:00，13:30-21", "sunday": "", "at": str(station),
        }  # fmt: skip
        wang.post(new, sent | {"tuesday": "早上"})
        assert not Bookable.objects.exists()
        wang.post(new, sent)
    finally:
        booking_places.fill("trial", lambda _actor: [])
    room = Bookable.objects.get()
    assert (room.kind, room.object_id) == ("trial.station", station)
    assert room.hours.weekly[0] == ((18, 24), (27, 42))
    assert room.hours.weekly[6] == ()


def test_an_officer_moves_and_calls_off_at_the_desk(fed) -> None:
    beds, more = (bookable_make(fed.organisation("yangtze"), 1, title=title) for title in ("一号", "二号"))  # fmt: skip
    stay = booked(beds, fed.actor("zhao"), SATURDAY)
    wang = client_of(fed, "wang")
    move = reverse("allocation:booking_move", args=[stay.pk])
    assert "reason" in text(wang.post(move, {"bookable": more.pk, "day": SATURDAY}))
    wang.post(move, {"bookable": more.pk, "day": SATURDAY + dt.timedelta(days=1), "reason": "一号修空调"})  # fmt: skip
    stay.refresh_from_db()
    assert (stay.bookable, stay.first) == (more, SATURDAY.toordinal() + 1)
    assert "一号修空调" not in text(client_of(fed, "lin").get("/"))
    wang.post(reverse("allocation:booking_drop", args=[stay.pk]), {"reason": "停水"})
    stay.refresh_from_db()
    assert stay.state == BookingState.DROPPED


@pytest.mark.parametrize("many", [1, 12])
def test_the_pages_keep_within_their_queries(fed, many, django_assert_max_num_queries) -> None:
    bookings = []
    for number in range(many):
        beds = bookable_make(fed.organisation("yangtze"), 3, answer="asked", title=f"宿舍{number}")
        bookings.append(booked(beds, fed.actor("zhao"), SATURDAY + dt.timedelta(days=number)))
    zhao, wang = client_of(fed, "zhao"), client_of(fed, "wang")
    for client, path, most in (
        (client_of(fed), reverse("allocation:bookable_list"), 5),
        (client_of(fed), reverse("allocation:bookable", args=[beds.pk]), 3),
        (zhao, reverse("allocation:bookable", args=[beds.pk]) + f"?day={SATURDAY}", 9),
        (zhao, reverse("allocation:booking_mine"), 7),
        (zhao, reverse("allocation:booking", args=[bookings[0].pk]), 7),
        (wang, reverse("allocation:booking_list"), 18),
        (wang, reverse("allocation:bookable_desk", args=[beds.pk]), 16),
        (wang, reverse("allocation:booking_desk", args=[bookings[0].pk]), 18),
    ):
        client.get(path)
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200
