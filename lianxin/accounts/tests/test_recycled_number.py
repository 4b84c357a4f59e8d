"""A number changes hands: its new holder never gets the account of the former one."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from lianxin.accounts import api
from lianxin.accounts.models import Device, User
from lianxin.accounts.testing import user_of
from lianxin.accounts.tests.people import (
    ANSWER,
    LIN,
    ZHAO,
    agree,
    ask_code,
    come_in,
    is_in,
    new_phone,
    person_behind,
    type_code,
    whose,
)
from lianxin.audit.api import AuditRow
from lianxin.kit.errors import RefusedError
from lianxin.kit.testing import stopped_clock

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)


def _at_the_door():
    """Lin has an account; months later somebody proves her number on a device of his own."""
    with stopped_clock(NOON):
        lin = come_in(new_phone(), LIN)
    stranger = new_phone()
    return lin, stranger


def test_an_unknown_device_is_asked_who_holds_it() -> None:
    lin, other = _at_the_door()
    with stopped_clock(NOON + dt.timedelta(days=2)) as clock, person_behind(lin):
        page = type_code(other, ask_code(other, LIN), LIN).url
        assert page.endswith("/who/")
        assert not is_in(other)
        assert other.post(page, {"answer": ANSWER}).url == reverse("accounts:next_step")
        assert whose(other) == lin
        other.post(reverse("accounts:sign_out"))
        clock.move(minutes=2)
        assert come_in(other, LIN) == lin  # now the device is known


def test_a_known_device_is_asked_again_after_half_a_year() -> None:
    client = new_phone()
    with stopped_clock(NOON) as clock:
        lin = come_in(client, LIN)
        with person_behind(lin):
            client.post(reverse("accounts:sign_out"))
            clock.move(days=179)
            assert come_in(client, LIN) == lin
            client.post(reverse("accounts:sign_out"))
            clock.move(days=181)
            assert type_code(client, ask_code(client, LIN), LIN).url.endswith("/who/")


def test_wrong_answers_are_refused_and_five_a_day_end_it() -> None:
    lin, stranger = _at_the_door()
    with stopped_clock(NOON + dt.timedelta(days=2)) as clock, person_behind(lin):
        page = type_code(stranger, ask_code(stranger, LIN), LIN).url
        for _ in range(5):
            assert stranger.post(page, {"answer": "999999"}).status_code == 200
        answer = stranger.post(page, {"answer": ANSWER})
        assert answer.status_code == 200
        assert "12351" in str(answer.context["form"].errors)
        # Not a new run either, nor another browser.
        clock.move(minutes=2)
        other = new_phone()
        page = type_code(other, ask_code(other, LIN), LIN).url
        assert other.post(page, {"answer": ANSWER}).status_code == 200
        assert not is_in(stranger)
        assert not is_in(other)
        clock.move(hours=25)
        page = type_code(other, ask_code(other, LIN), LIN).url
        assert other.post(page, {"answer": ANSWER}).status_code == 302


def test_no_page_can_be_skipped() -> None:
    lin, stranger = _at_the_door()
    with stopped_clock(NOON + dt.timedelta(days=2)), person_behind(lin):
        page = ask_code(stranger, LIN)
        run_id = page.split("/")[-2]
        for name in ("identity", "agree", "number_take_over"):
            address = reverse(f"accounts:{name}", args=[run_id])
            assert stranger.post(address, {"answer": ANSWER}).url == reverse("accounts:sign_in")
        type_code(stranger, page, LIN)
        assert agree(stranger, f"{page}agree/").url == reverse("accounts:sign_in")
        assert not is_in(stranger)


def test_the_new_holder_begins_afresh_and_the_old_account_lets_go() -> None:
    with stopped_clock(NOON) as clock:
        old_phone = new_phone()
        lin = come_in(old_phone, LIN)
        clock.move(days=90)
        zhao = new_phone()
        with person_behind(lin):
            page = type_code(zhao, ask_code(zhao, LIN), LIN).url
            way_out = page.replace("/who/", "/new-holder/")
            assert zhao.get(way_out).status_code == 200
            page = zhao.post(way_out).url
            assert page.endswith("/agree/")
            agree(zhao, page)
            assert is_in(zhao)
            fresh = whose(zhao)
            assert fresh != lin
            # A second tap changes nothing.
            zhao.post(way_out)
        lin.refresh_from_db()
        assert (lin.phone, lin.phone_index) == (None, "")
        assert User.objects.get(phone_index=fresh.phone_index) == fresh
        assert old_phone.get(reverse("accounts:devices")).url.startswith("/sign-in/")
        assert not Device.objects.filter(account=lin).exclude(trusted_until=None).exists()
        row = AuditRow.objects.get(action="accounts.phone_released")
        assert (row.subject_id, row.detail) == (lin.pk, {"reason": "new_holder"})


def test_the_former_holder_gets_back_in_through_an_officer() -> None:
    with stopped_clock(NOON) as clock:
        lin = come_in(new_phone(), LIN)
        wang = user_of("Wang")
        with person_behind(lin):
            clock.move(days=90)
            api.phone_rebind(actor_id=wang.pk, account_id=lin.pk, phone=ZHAO, reason="in_person")
            api.phone_rebind(actor_id=wang.pk, account_id=lin.pk, phone=ZHAO, reason="in_person")
            assert AuditRow.objects.filter(action="accounts.phone_rebound").count() == 1
            client = new_phone()
            page = type_code(client, ask_code(client, ZHAO), ZHAO).url
            client.post(page, {"answer": ANSWER})
            assert whose(client) == lin


def test_a_rebind_never_takes_the_number_of_another_member() -> None:
    lin, zhao = user_of("Lin", phone=LIN), user_of("Zhao", phone=ZHAO)
    wang = user_of("Wang")
    with person_behind(zhao), pytest.raises(RefusedError):
        api.phone_rebind(actor_id=wang.pk, account_id=lin.pk, phone=ZHAO, reason="in_person")
    # An account nobody stands behind gives way.
    api.phone_rebind(actor_id=wang.pk, account_id=lin.pk, phone=ZHAO, reason="in_person")
    zhao.refresh_from_db()
    assert zhao.phone_index == ""
    assert api.user_by_phone(ZHAO) == lin


def test_an_account_nobody_stands_behind_asks_nothing() -> None:
    lin, other = _at_the_door()
    with stopped_clock(NOON + dt.timedelta(days=2)):
        assert come_in(other, LIN) == lin


def test_a_shared_device_is_not_trusted_and_its_session_is_short() -> None:
    with stopped_clock(NOON) as clock:
        client = new_phone()
        lin = come_in(client, LIN, is_shared="on")
        assert client.session.get_expiry_age() <= 2 * 3600
        client.post(reverse("accounts:sign_out"))
        clock.move(minutes=2)
        with person_behind(lin):
            assert type_code(client, ask_code(client, LIN), LIN).url.endswith("/who/")


def test_a_planted_device_key_opens_nothing() -> None:
    """Who slips her own cookie into Lin's browser does not share the trust Lin gives it."""
    with stopped_clock(NOON) as clock:
        client = new_phone()
        planted = client.cookies["lx_device"].value
        lin = come_in(client, LIN)
        assert client.cookies["lx_device"].value != planted
        thief = new_phone()
        thief.cookies["lx_device"] = planted
        clock.move(minutes=2)
        with person_behind(lin):
            assert type_code(thief, ask_code(thief, LIN), LIN).url.endswith("/who/")


def test_a_forged_device_cookie_is_none() -> None:
    client = new_phone()
    client.cookies["lx_device"] = "whatever:signature"
    answer = client.post(reverse("accounts:sign_in"), {"phone": LIN})
    assert answer.status_code == 200
