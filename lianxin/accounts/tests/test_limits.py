"""Who may ask how often: a whole factory from one address, nobody twice, and nobody learns who is here."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.accounts.models import SignIn
from lianxin.accounts.selectors import signed_key
from lianxin.accounts.services import new_key
from lianxin.accounts.testing import user_of
from lianxin.accounts.tests.people import LIN, ZHAO, ask_code, new_phone, type_code
from lianxin.notify.api import sms_used

pytestmark = pytest.mark.django_db
DOOR = reverse("accounts:sign_in")


def test_five_hundred_workers_behind_one_address_all_get_their_code() -> None:
    """Takes seconds: five hundred browsers ask, each over the page itself."""
    for number in range(500):
        client = Client(REMOTE_ADDR="203.0.113.7")
        client.cookies["lx_device"] = signed_key(new_key())
        answer = client.post(DOOR, {"phone": f"1007{number:07d}"})
        assert answer.status_code == 302, number
    assert SignIn.objects.count() == 500
    assert sms_used() == 500


def test_a_known_number_and_an_unknown_one_get_the_same_answer_at_the_same_cost() -> None:
    user_of("Lin", phone=LIN)
    seen = []
    for phone in (LIN, ZHAO):
        client = new_phone()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = ask_code(client, phone)
        shown = client.get(page)
        wrong = client.post(page, {"code": "000000"})
        seen.append((len(queries), _calm(shown, phone), _calm(wrong, phone)))
    assert seen[0] == seen[1]


def test_a_wrong_code_costs_the_same_whoever_is_behind_the_number() -> None:
    user_of("Lin", phone=LIN)
    costs = []
    for phone in (LIN, ZHAO):
        client = new_phone()
        page = ask_code(client, phone)
        with CaptureQueriesContext(connection) as queries:
            client.post(page, {"code": "000000"})
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_an_officer_s_name_is_not_told_from_an_unknown_one() -> None:
    user_of("Wang", login_name="wang", password="four-words-nobody-guesses")  # noqa: S106
    seen = []
    for name in ("wang", "nobody"):
        client = Client()
        client.get(reverse("accounts:officer_sign_in"))
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(
                reverse("accounts:officer_sign_in"), {"login_name": name, "password": "wrong"}
            )
        seen.append((len(queries), _calm(answer, name)))
    assert seen[0] == seen[1]


def test_the_house_stops_at_its_cap_of_the_day_and_says_so_to_its_operators(settings, caplog):
    settings.SMS_CAP_PER_DAY = 2
    for number in range(2):
        client = new_phone()
        assert client.post(DOOR, {"phone": f"1008000000{number}"}).status_code == 302
    client = new_phone()
    answer = client.post(DOOR, {"phone": "10080000009"})
    assert answer.status_code == 200
    assert "12351" in str(answer.context["form"].errors)
    assert SignIn.objects.count() == 2
    assert "text messages of this day are used up" in caplog.text


@pytest.mark.parametrize("name", ["__Host-device"])
def test_under_tls_no_neighbour_can_plant_the_key_of_a_device(settings, name: str) -> None:
    settings.DEVICE_COOKIE_NAME, settings.SESSION_COOKIE_SECURE = name, True
    client = Client()
    client.get(DOOR, secure=True)
    cookie = client.cookies[name]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
    assert client.post(DOOR, {"phone": LIN}, secure=True).status_code == 302


def test_the_right_code_leads_on_whoever_is_behind_the_number() -> None:
    user_of("Lin", phone=LIN)
    for phone in (LIN, ZHAO):
        client = new_phone()
        assert type_code(client, ask_code(client, phone), phone).status_code == 302


def _calm(answer, typed: str) -> str:
    """Return a page without what differs at each reading: tokens, ids, and what was typed."""
    text = re.sub(
        r'value="[^"]{30,}"|[0-9a-f]{8}-[0-9a-f-]{27}|nonce="[^"]+"', "", answer.content.decode()
    )
    digits = typed.removeprefix("+86")
    shown = f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    return text.replace(shown, "…").replace(f'value="{typed}"', "")
