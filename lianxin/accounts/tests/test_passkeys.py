"""Passkeys: made, shown alone, shown after a password, copied, forged, taken away."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.accounts.conf import documents
from lianxin.accounts.models import Challenge, Device, User
from lianxin.accounts.services import account_close, agreement_give
from lianxin.accounts.testing import sign_in, totp_of, user_of
from lianxin.accounts.tests.authenticator import Key
from lianxin.accounts.tests.people import (
    ANSWER,
    LIN,
    come_in,
    is_in,
    new_phone,
    person_behind,
    whose,
)
from lianxin.accounts.tests.visits import asked, passkey_add, passkey_show
from lianxin.audit.api import AuditRow
from lianxin.kit.testing import stopped_clock

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
PASSWORD = "four-words-nobody-guesses"  # noqa: S105  (an invented person's)
OWN = reverse("accounts:ways")


@pytest.fixture
def lin_and_key() -> tuple[User, Key]:
    client, key = new_phone(), Key()
    lin = come_in(client, LIN)
    assert passkey_add(client, key).url == OWN
    return lin, key


def test_a_worker_comes_in_by_her_passkey_alone_and_an_unknown_device_asks_no_more(lin_and_key):
    lin, key = lin_and_key
    stranger = new_phone()
    with person_behind(lin):
        answer, _sent = passkey_show(stranger, key)
    assert answer.url == reverse("accounts:next_step")
    assert whose(stranger) == lin
    assert Device.objects.filter(account=lin).exclude(trusted_until=None).count() == 2


def test_on_a_shared_device_a_passkey_leaves_no_trust(lin_and_key):
    lin, key = lin_and_key
    client = new_phone()
    found = asked(client, reverse("accounts:passkey_begin"))
    sent = {"challenge": found["challenge"], "credential": key.shown(found["options"])}
    client.post(reverse("accounts:passkey_sign_in"), {**sent, "is_shared": "on"})
    assert whose(client) == lin
    assert client.session.get_expiry_age() <= 2 * 3600
    assert client.get(reverse("accounts:passkey_add")).status_code == 403


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(lin_and_key):
    _lin, key = lin_and_key
    client, thief = new_phone(), new_phone()
    _answer, sent = passkey_show(client, key)
    client.post(reverse("accounts:sign_out"))
    client.post(reverse("accounts:passkey_sign_in"), sent)
    assert not is_in(client)
    found = asked(client, reverse("accounts:passkey_begin"))
    sent = {"challenge": found["challenge"], "credential": key.shown(found["options"])}
    thief.post(reverse("accounts:passkey_sign_in"), sent)
    assert not is_in(thief)


def test_an_answer_that_took_too_long_is_none(lin_and_key):
    _lin, key = lin_and_key
    with stopped_clock(NOON) as clock:
        client = new_phone()
        found = asked(client, reverse("accounts:passkey_begin"))
        clock.move(minutes=11)
        sent = {"challenge": found["challenge"], "credential": key.shown(found["options"])}
        client.post(reverse("accounts:passkey_sign_in"), sent)
        assert not is_in(client)


@pytest.mark.parametrize(
    "lie",
    [{"origin": "https://evil.testserver"}, {"origin": "https://testserver"}, {"domain": "evil"},
     {"verifies": False}, {"mark": b"another key's name"}, {"secret": Key().secret}],
)  # fmt: skip
def test_a_lie_opens_nothing(lin_and_key, lie: dict[str, Any]):
    _lin, key = lin_and_key
    for name, value in lie.items():
        setattr(key, name, value)
    client = new_phone()
    answer, _sent = passkey_show(client, key)
    assert answer.url == reverse("accounts:sign_in")
    assert not is_in(client)


def test_whose_key_it_is_cannot_be_claimed(lin_and_key):
    _lin, key = lin_and_key
    zhao = user_of("Zhao")
    client = new_phone()
    from fido2.utils import websafe_encode  # noqa: PLC0415  (heavy)

    for handle in (websafe_encode(zhao.pk.bytes), "", "%%%", None):
        passkey_show(client, key, userHandle=handle)
        assert not is_in(client)


def test_a_copied_key_is_found_out(lin_and_key):
    lin, key = lin_and_key
    copy = Key(counter=key.counter, mark=key.mark, secret=key.secret, owner=key.owner)
    key.counter += 5
    assert passkey_show(new_phone(), key)[0].url == reverse("accounts:next_step")
    thief = new_phone()
    passkey_show(thief, copy)
    assert not is_in(thief)
    assert AuditRow.objects.filter(action="accounts.passkey_copied", subject_id=lin.pk).exists()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.recursive(st.none() | st.text(max_size=30) | st.integers() | st.booleans(),
                    lambda inner: st.dictionaries(st.sampled_from(["id", "rawId", "type", "response", "clientDataJSON", "authenticatorData", "signature", "userHandle", "attestationObject"]), inner, max_size=6)
                    | st.lists(inner, max_size=3)))  # fmt: skip
def test_any_answer_gets_a_page_and_opens_nothing(lin_and_key, answer):
    client = new_phone()
    found = asked(client, reverse("accounts:passkey_begin"))
    sent = {"challenge": found["challenge"], "credential": json.dumps(answer)}
    assert client.post(reverse("accounts:passkey_sign_in"), sent).status_code == 302
    assert not is_in(client)


@pytest.mark.parametrize("name", ["userHandle", "signature", "authenticatorData", "clientDataJSON"])
def test_a_number_where_a_text_belongs_makes_no_bytes(lin_and_key, name):
    """The library reads a number as a length: one answer could take all memory there is."""
    _lin, key = lin_and_key
    client = new_phone()
    passkey_show(client, key, **{name: 2**62})
    assert not is_in(client)


@pytest.mark.parametrize("answer", ["[" * 9_000, '{"response": ' * 1_000])
def test_an_answer_that_nests_without_end_is_refused(lin_and_key, answer):
    client = new_phone()
    found = asked(client, reverse("accounts:passkey_begin"))
    sent = {"challenge": found["challenge"], "credential": answer}
    assert client.post(reverse("accounts:passkey_sign_in"), sent).status_code == 302


def test_adding_one_asks_first_who_she_is():
    client, key = new_phone(), Key()
    lin = come_in(client, LIN)
    with person_behind(lin):
        page = client.get(reverse("accounts:passkey_add")).url
        assert page.startswith(reverse("accounts:ways_open"))
        assert client.post(reverse("accounts:passkey_begin_own", args=["link"])).status_code == 400
        assert client.post(page, {"answer": "wrong"}).status_code == 200
        assert client.post(page, {"answer": ANSWER}).url == reverse("accounts:passkey_add")
        assert client.get(reverse("accounts:passkey_add")).status_code == 200
        assert passkey_add(client, key).url == OWN
    assert Authenticator.objects.get(user=lin).data["name"] == "我的手机"


def test_she_names_it_and_takes_it_away_but_zhao_cannot(lin_and_key):
    lin, key = lin_and_key
    row = Authenticator.objects.get(user=lin)
    zhao, client = Client(), Client()
    sign_in(zhao, user_of("Zhao"))
    rename, remove = (
        reverse(f"accounts:passkey_{name}", args=[row.pk]) for name in ("rename", "remove")
    )
    zhao.post(rename, {"name": "mine"})
    zhao.post(remove)
    row.refresh_from_db()
    assert row.data["name"] == "我的手机"
    sign_in(client, lin)
    assert client.get(rename).status_code == 405
    client.post(rename, {"name": " 厂里的  "})
    assert "厂里的" in client.get(OWN).content.decode()
    for _tap in range(2):
        assert client.post(remove).url == OWN
    assert not Authenticator.objects.filter(user=lin).exists()
    stranger = new_phone()
    passkey_show(stranger, key)
    assert not is_in(stranger)


def test_the_last_way_in_stays(lin_and_key):
    lin, _key = lin_and_key
    User.objects.filter(pk=lin.pk).update(phone=None, phone_index="")
    client = Client()
    sign_in(client, lin)
    client.post(reverse("accounts:passkey_remove", args=[Authenticator.objects.get(user=lin).pk]))
    assert Authenticator.objects.filter(user=lin).count() == 1


def test_a_closed_account_has_no_passkey(lin_and_key):
    lin, key = lin_and_key
    client = Client()
    sign_in(client, lin)
    account_close(actor_id=lin.pk)
    stranger = new_phone()
    passkey_show(stranger, key)
    assert not is_in(stranger)


def test_a_first_factor_may_be_a_passkey_and_opens_the_desk():
    wang = user_of("Wang", login_name="wang", password=PASSWORD)
    agreement_give(account=wang, documents=documents())
    client, key = Client(), Key()
    client.get(reverse("accounts:officer_sign_in"))
    client.post(reverse("accounts:officer_sign_in"), {"login_name": "wang", "password": PASSWORD})
    answer = passkey_add(client, key)
    assert answer.url == reverse("accounts:recovery_codes")
    assert len(client.get(answer.url).context["codes"]) == 10
    assert client.get(reverse("accounts:factor_enrol")).status_code == 302
    # The next day: password, then the passkey; the app is not asked for.
    other = Client()
    other.get(reverse("accounts:officer_sign_in"))
    other.post(reverse("accounts:officer_sign_in"), {"login_name": "wang", "password": PASSWORD})
    assert other.get(reverse("accounts:second_factor")).status_code == 200
    assert "second_factor_at" not in other.session
    found = asked(other, reverse("accounts:passkey_begin_own", args=["prove"]))
    sent = {"challenge": found["challenge"], "credential": key.shown(found["options"])}
    assert other.post(reverse("accounts:passkey_prove"), sent).status_code == 302
    assert "second_factor_at" in other.session


def test_a_passkey_alone_opens_no_desk():
    wang = user_of("Wang", login_name="wang", password=PASSWORD)
    agreement_give(account=wang, documents=documents())
    desk, key = Client(), Key()
    desk.get(reverse("accounts:officer_sign_in"))
    desk.post(reverse("accounts:officer_sign_in"), {"login_name": "wang", "password": PASSWORD})
    passkey_add(desk, key)
    client = new_phone()
    passkey_show(client, key)
    assert whose(client) == wang
    assert "password_at" not in client.session
    found = asked(client, reverse("accounts:passkey_begin_own", args=["prove"]))
    sent = {"challenge": found["challenge"], "credential": key.shown(found["options"])}
    client.post(reverse("accounts:passkey_prove"), sent)
    assert "second_factor_at" not in client.session


def test_signed_in_by_phone_an_officer_adds_no_second_factor():
    wang = user_of("Wang", phone=LIN, login_name="wang", password=PASSWORD)
    client = new_phone()
    come_in(client, LIN)
    assert client.get(reverse("accounts:passkey_add")).url.startswith(
        reverse("accounts:second_factor")
    )
    assert client.post(reverse("accounts:passkey_begin_own", args=["link"])).status_code == 400
    assert not Authenticator.objects.filter(user=wang).exists()


def test_a_password_alone_adds_no_further_factor_to_one_that_stands():
    wang = user_of("Wang", login_name="wang", password=PASSWORD)
    totp_of(wang)
    client = Client()
    client.get(reverse("accounts:officer_sign_in"))
    client.post(reverse("accounts:officer_sign_in"), {"login_name": "wang", "password": PASSWORD})
    assert client.post(reverse("accounts:passkey_begin_own", args=["link"])).status_code == 400


def test_a_browser_asks_for_a_bounded_number_of_challenges():
    client = new_phone()
    answers = [client.post(reverse("accounts:passkey_begin")).status_code for _ in range(42)]
    assert answers.count(200) == 40
    assert answers[-1] == 400
    assert Challenge.objects.count() == 40


@pytest.mark.parametrize("purpose", ["sign_in", "change", "kiosk", "linked"])
def test_a_challenge_is_for_adding_or_for_proving_and_nothing_else(lin_and_key, purpose):
    lin, _key = lin_and_key
    client = Client()
    sign_in(client, lin)
    before = Challenge.objects.count()
    answer = client.post(reverse("accounts:passkey_begin_own", args=[purpose]))
    assert answer.status_code == 404
    assert Challenge.objects.count() == before
