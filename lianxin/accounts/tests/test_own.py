"""One's own account: devices, number, signing out, closing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from lianxin.accounts import services
from lianxin.accounts.models import Attempt, Device, SignIn, User
from lianxin.accounts.slots import address_of
from lianxin.accounts.testing import user_of
from lianxin.accounts.tests.people import (
    ANSWER,
    LIN,
    ZHAO,
    ask_code,
    come_in,
    is_in,
    new_phone,
    person_behind,
    type_code,
)
from lianxin.kit.testing import stopped_clock
from lianxin.notify.testing import code_to
from lianxin.vault import api as vault

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
DEVICES = "accounts:devices"


def test_signing_out_leaves_nothing_on_the_device() -> None:
    client = new_phone()
    come_in(client, LIN)
    assert client.get(reverse("accounts:sign_out")).status_code == 200
    assert is_in(client)  # a mere link signs nobody out
    answer = client.post(reverse("accounts:sign_out"))
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_in(client)
    assert client.post(reverse("accounts:sign_out")).status_code == 302


def test_a_worker_sees_her_devices_and_ends_one() -> None:
    with stopped_clock(NOON) as clock:
        here = new_phone(user_agent="Mozilla/5.0 (Linux; Android 13) MicroMessenger/8.0")
        lin = come_in(here, LIN)
        clock.move(minutes=2)
        there = new_phone(user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 17)")
        come_in(there, LIN)
        listed = here.get(reverse(DEVICES)).context["devices"]
        assert [one.is_here for one in listed] == [False, True]
        other = listed[0].id
        end = reverse("accounts:device_end", args=[other])
        assert here.get(end).status_code == 405
        zhao = new_phone()
        come_in(zhao, ZHAO)
        zhao.post(end)
        assert is_in(there)
        here.post(end)
        here.post(end)
        assert there.get(reverse(DEVICES)).status_code == 302
        assert here.get(reverse(DEVICES)).status_code == 200
        assert Device.objects.filter(account=lin).count() == 1


def test_signing_out_everywhere_ends_all_and_trusts_none() -> None:
    with stopped_clock(NOON) as clock:
        here, there = new_phone(), new_phone()
        lin = come_in(here, LIN)
        clock.move(minutes=2)
        come_in(there, LIN)
        here.post(reverse("accounts:sign_out_everywhere"))
        assert here.get(reverse(DEVICES)).status_code == 302
        assert there.get(reverse(DEVICES)).status_code == 302
        clock.move(minutes=2)
        with person_behind(lin):
            assert type_code(there, ask_code(there, LIN), LIN).url.endswith("/who/")


@pytest.mark.parametrize("name", ["devices", "phone", "second_factor", "next_step"])
def test_a_stranger_is_sent_to_sign_in(client, name: str) -> None:
    page = reverse(f"accounts:{name}")
    assert client.get(page).url == f"/sign-in/?next={page}"


def test_a_worker_takes_her_account_to_a_new_number() -> None:
    with stopped_clock(NOON) as clock:
        here, there = new_phone(), new_phone()
        lin = come_in(here, LIN)
        clock.move(minutes=2)
        come_in(there, LIN)
        with person_behind(lin):
            page = reverse("accounts:phone")
            assert here.post(page, {"phone": ZHAO, "answer": "wrong"}).status_code == 200
            page = here.post(page, {"phone": ZHAO, "answer": ANSWER}).url
            here.post(page, {"code": code_to(ZHAO)})
            here.post(page, {"code": code_to(ZHAO)})
        lin.refresh_from_db()
        assert vault.reveal(lin, "phone") == ZHAO
        assert here.get(reverse(DEVICES)).status_code == 200
        assert there.get(reverse(DEVICES)).status_code == 302
        assert User.objects.count() == 1


def test_a_number_taken_along_is_let_go_by_who_had_it() -> None:
    zhao = user_of("Zhao", phone=ZHAO)
    client = new_phone()
    lin = come_in(client, LIN)
    page = client.post(reverse("accounts:phone"), {"phone": ZHAO}).url
    client.post(page, {"code": code_to(ZHAO)})
    zhao.refresh_from_db()
    lin.refresh_from_db()
    assert zhao.phone_index == ""
    assert vault.reveal(lin, "phone") == ZHAO


def test_nobody_uses_the_change_of_another() -> None:
    client = new_phone()
    come_in(client, LIN)
    page = client.post(reverse("accounts:phone"), {"phone": ZHAO}).url
    thief = new_phone()
    come_in(thief, "+8610000000903")
    assert thief.post(page, {"code": code_to(ZHAO)}).url == reverse("accounts:phone")


def test_a_closed_account_is_empty_and_the_number_free() -> None:
    with stopped_clock(NOON) as clock:
        client = new_phone()
        lin = come_in(client, LIN)
        services.account_close(actor_id=lin.pk)
        lin.refresh_from_db()
        assert not lin.is_active
        assert (lin.phone, lin.display_name, lin.login_name) == (None, "", None)
        assert not is_in(client)
        assert address_of(lin.pk) is None
        services.account_close(actor_id=lin.pk)
        clock.move(minutes=2)
        assert come_in(client, LIN) != lin


def test_the_account_remembers_language_size_and_theme() -> None:
    with stopped_clock(NOON) as clock:
        client = new_phone()
        come_in(client, LIN)
        client.post(reverse("ui:preferences"), {"size": "large", "language": "en"})
        clock.move(minutes=2)
        other = new_phone()
        come_in(other, LIN)
        assert other.cookies["django_language"].value == "en"
        assert 'data-size="large"' in other.get(reverse(DEVICES)).content.decode()


def test_messages_find_number_and_language() -> None:
    lin = user_of("Lin", phone=LIN, language="en")
    found = address_of(lin.pk)
    assert found is not None
    assert (found.phone, found.language) == (LIN, "en")


def test_what_is_old_is_forgotten() -> None:
    with stopped_clock(NOON) as clock:
        client = new_phone()
        lin = come_in(client, LIN)
        Attempt.objects.create(account=lin, kind="identity", at=NOON)
        clock.move(days=1)
        assert services.old_purge() == 0
        clock.move(days=2)
        services.old_purge()
        assert not SignIn.objects.exists()
        assert not Attempt.objects.exists()
        clock.move(days=400)
        services.old_purge()
        assert not Device.objects.exists()
