"""The pages of bookings in a real Chromium: fit for old eyes, big thumbs and every light.

Over five seconds: a browser starts, and each page is drawn in several looks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser

from lianxin.accounts.testing import sign_in
from lianxin.allocation.models import Bookable, Booking
from lianxin.allocation.rules.bookings import Unions
from lianxin.allocation.rules.grid import Grain
from lianxin.allocation.testing import bookable_make, booked, held
from lianxin.kit import clock
from lianxin.members.testing import Federation, federation
from lianxin.ui.testing import Look, chromium, fit_for_everyone, visits

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.looks]

LOOKS = [
    Look(360, "light", "normal", "zh-hans"),
    Look(360, "dark", "large", "zh-hans"),
    Look(360, "light", "largest", "en"),
    Look(768, "dark", "normal", "en"),
    Look(1280, "light", "normal", "zh-hans"),
    Look(1280, "dark", "large", "en"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def everything() -> tuple[Federation, Bookable, Bookable, Booking, Booking]:
    """Beds with guests, a hall with requests, a form that is open."""
    made = federation()
    soon = clock.today() + dt.timedelta(days=3)
    beds = bookable_make(
        made.organisation("yangtze"), 3, title="北苍青年驿站 · 女生四人间", place="嘉岭区北苍街道柳荫路 88 号",
        words="请带身份证。22:00 后从侧门进。", per_life=7, most=3,
    )  # fmt: skip
    hall = bookable_make(
        made.organisation("yangtze"), 1, title="机械厂职工之家多功能厅", grain=Grain.HALF_HOUR, most=8, unit="hall",
        answer="asked", unions=Unions.BELOW, place="厂区南门",
    )  # fmt: skip
    for who, at in (("zhao", 0), ("tang", 1), ("sun", 1)):
        booked(beds, made.actor(who), soon + dt.timedelta(days=at), 2)
    stay = booked(beds, made.actor("lin"), soon + dt.timedelta(days=3), 2)
    asked = booked(hall, made.actor("zhao"), soon, 4, half=20)
    open_form = held(hall, made.actor("lin"), soon, 2, half=30).booking
    assert open_form is not None
    return made, beds, hall, stay, asked


def see_all(browser, base, pages, *, look) -> None:
    """Look at each page as whoever it belongs to: a name, whose client (nobody's: None), where."""
    with visits(browser, base, look) as page_of:
        for name, (client, path) in pages.items():
            page = page_of(client.cookies[settings.SESSION_COOKIE_NAME].value if client else "")
            page.goto(path)
            fit_for_everyone(page, look, name)


def client_of(made: Federation, key: str) -> Client:
    client = Client()
    sign_in(client, made.account(key))
    return client


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_guests_pages_are_fit_for_everyone(browser, live_server, look) -> None:
    made, beds, hall, stay, _asked = everything()
    lin = client_of(made, "lin")
    day = clock.today() + dt.timedelta(days=5)
    form = Booking.objects.get(state="held")
    pages = {
        "booking-list": (None, "/bookings/"),
        "booking-thing": (None, f"/bookings/{beds.pk}/"),
        "booking-chosen": (lin, f"/bookings/{beds.pk}/?day={day}"),
        "booking-hours": (lin, f"/bookings/{hall.pk}/?day={day}"),
        "booking-ask": (lin, f"/bookings/mine/{form.pk}/ask/"),
        "booking-mine": (lin, "/bookings/mine/"),
        "booking-stay": (lin, f"/bookings/mine/{stay.pk}/"),
    }
    see_all(browser, live_server.url, pages, look=look)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_arrangers_pages_are_fit_for_everyone(browser, live_server, look) -> None:
    made, beds, hall, _stay, asked = everything()
    wang = client_of(made, "wang")
    pages = {
        "booking-desk": "/desk/bookings/",
        "booking-chart": f"/desk/bookings/things/{beds.pk}/",
        "booking-chart-hours": f"/desk/bookings/things/{hall.pk}/?from={clock.today()}",
        "booking-answer": f"/desk/bookings/{asked.pk}/",
        "booking-new": "/desk/bookings/new/?grain=half_hour",
        "booking-edit": f"/desk/bookings/things/{beds.pk}/edit/",
    }
    whose = {name: (wang, path) for name, path in pages.items()}
    see_all(browser, live_server.url, whose, look=look)
