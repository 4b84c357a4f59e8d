"""The one-time code: right, wrong, late, twice, too often."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.models import SignIn, User
from lianxin.accounts.tests.people import (
    LIN,
    ZHAO,
    agree,
    ask_code,
    come_in,
    is_in,
    new_phone,
    type_code,
    whose,
)
from lianxin.kit.testing import stopped_clock
from lianxin.notify.testing import code_to, texts_to

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)


def test_a_worker_signs_in_with_her_phone() -> None:
    client = new_phone()
    user = come_in(client, LIN)
    assert user.phone_verified_at
    assert is_in(client)
    again = new_phone()
    with stopped_clock(NOON + dt.timedelta(days=900)):
        assert come_in(again, LIN) == user


def test_a_phone_may_be_typed_in_many_ways() -> None:
    for typed in ("１００ 0000 0901", "100-0000-0901", "+86 10000000901", "0086 10000000901"):
        client = new_phone()
        client.post(reverse("accounts:sign_in"), {"phone": typed})
    assert SignIn.objects.count() == 1  # the others were asked to wait a minute
    assert len(texts_to(LIN)) == 1


@pytest.mark.parametrize("typed", ["", "abc", "12351", "010 6567 8888", "1380000000", "☎" * 30])
def test_what_is_no_mobile_number_gets_a_sentence(typed: str) -> None:
    answer = new_phone().post(reverse("accounts:sign_in"), {"phone": typed})
    assert answer.status_code == 200
    assert answer.context["form"].errors["phone"]


def test_a_wrong_code_is_refused_and_five_end_it() -> None:
    client = new_phone()
    page = ask_code(client, LIN)
    right = code_to(LIN)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(5):
        assert client.post(page, {"code": wrong}).status_code == 200
    assert client.post(page, {"code": right}).status_code == 200
    assert not is_in(client)
    assert not User.objects.exists()


def test_a_code_holds_for_five_minutes() -> None:
    with stopped_clock(NOON) as clock:
        client = new_phone()
        page = ask_code(client, LIN)
        clock.move(minutes=5, seconds=1)
        assert type_code(client, page, LIN).status_code == 200
        assert not User.objects.exists()


def test_a_code_opens_nothing_in_another_browser() -> None:
    client, thief = new_phone(), new_phone()
    page = ask_code(client, LIN)
    answer = thief.post(page, {"code": code_to(LIN)})
    assert answer.url == reverse("accounts:sign_in")
    assert not is_in(thief)


def test_a_code_used_is_used_up() -> None:
    with stopped_clock(NOON) as clock:
        client = new_phone()
        page = ask_code(client, LIN)
        code = code_to(LIN)
        agree(client, client.post(page, {"code": code}).url)
        client.post(reverse("accounts:sign_out"))
        clock.move(minutes=2)
        client.post(page, {"code": code})
        assert not is_in(client)


def test_two_taps_on_the_last_button_sign_in_once_and_for_good() -> None:
    client = new_phone()
    come_in(client, LIN)
    with stopped_clock(NOON + dt.timedelta(days=400)):
        client.post(reverse("accounts:sign_out"))
        page = ask_code(client, LIN)
        code = code_to(LIN)
        before = {name: morsel.value for name, morsel in client.cookies.items()}
        assert client.post(page, {"code": code}).status_code == 302
        # The second tap left before the first was answered: it carries the cookies of then.
        for name, value in before.items():
            client.cookies[name] = value
        assert client.post(page, {"code": code}).url == reverse("accounts:next_step")
        assert is_in(client)
        assert client.get(reverse("accounts:devices")).status_code == 200


def test_two_taps_on_send_send_one_code() -> None:
    client = new_phone()
    assert ask_code(client, LIN) == ask_code(client, LIN)
    assert len(texts_to(LIN)) == 1


def test_a_new_code_is_sent_after_a_minute_and_ends_the_old() -> None:
    with stopped_clock(NOON) as clock:
        client = new_phone()
        page = ask_code(client, LIN)
        old = code_to(LIN)
        assert client.post(f"{page}again/").url == page
        clock.move(seconds=61)
        fresh = client.post(f"{page}again/").url
        assert fresh != page
        client.post(page, {"code": old})
        assert SignIn.objects.get(pk=page.split("/")[-2]).proved_at is None
        assert type_code(client, fresh, LIN).url.endswith("/agree/")


def test_known_and_unknown_numbers_get_the_same_answer() -> None:
    come_in(new_phone(), LIN)
    with stopped_clock(NOON + dt.timedelta(days=400)):
        pages = []
        for phone in (LIN, ZHAO):
            client = new_phone()
            page = ask_code(client, phone)
            shown = client.get(page).content.decode()
            for own in (phone[-4:], page, client.cookies["csrftoken"].value):
                shown = shown.replace(own, "…")
            pages.append([line for line in shown.splitlines() if "csrfmiddlewaretoken" not in line])
        assert pages[0] == pages[1]
        assert len(texts_to(LIN)[0]) == len(texts_to(ZHAO)[0])


def test_one_phone_gets_ten_codes_a_day_from_strangers_and_her_own_device_still_one() -> None:
    with stopped_clock(NOON) as clock:
        own = new_phone()
        come_in(own, LIN)
        own.post(reverse("accounts:sign_out"))
        clock.move(days=2)
        for _ in range(10):
            clock.move(seconds=61)
            ask_code(new_phone(), LIN)
        clock.move(seconds=61)
        refused = new_phone().post(reverse("accounts:sign_in"), {"phone": LIN})
        assert refused.context["form"].errors["phone"]
        assert ask_code(own, LIN)


def test_one_browser_asks_for_twenty_codes_a_day_at_most() -> None:
    client = new_phone()
    for serial in range(20):
        ask_code(client, f"+861000000{serial:04d}")
    refused = client.post(reverse("accounts:sign_in"), {"phone": "+8610000009999"})
    assert refused.context["form"].errors["phone"]


def test_a_factory_behind_one_address_is_not_locked_out() -> None:
    for serial in range(40):
        assert ask_code(new_phone(), f"+861000000{serial:04d}")


def test_a_browser_without_cookies_gets_a_sentence() -> None:
    answer = Client().post(reverse("accounts:sign_in"), {"phone": LIN})
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()


def test_no_code_and_no_number_lies_in_the_open() -> None:
    client = new_phone()
    ask_code(client, LIN)
    row = SignIn.objects.values().get()
    assert code_to(LIN) not in str(row)
    assert "0000901" not in str({k: v for k, v in row.items() if "index" not in k})


def test_a_run_belongs_to_one_purpose() -> None:
    client = new_phone()
    come_in(client, LIN)
    change = client.post(reverse("accounts:phone"), {"phone": ZHAO}).url
    run_id = change.split("/")[-2]
    client.post(reverse("accounts:sign_out"))
    client.post(reverse("accounts:code", args=[run_id]), {"code": code_to(ZHAO)})
    assert not is_in(client)
    assert User.objects.count() == 1


def test_who_is_signed_in_is_not_asked_again() -> None:
    client = new_phone()
    user = come_in(client, LIN)
    assert client.get(reverse("accounts:sign_in")).url == "/"
    assert whose(client) == user


def test_the_pages_of_a_run_show_nothing_after_an_hour_and_are_kept_nowhere() -> None:
    with stopped_clock(NOON) as clock:
        client = new_phone()
        page = ask_code(client, LIN)
        shown = client.get(page)
        assert "0901" in shown.content.decode()
        assert "no-store" in shown["Cache-Control"]
        clock.move(hours=1, seconds=1)
        assert client.get(page).url == reverse("accounts:sign_in")
