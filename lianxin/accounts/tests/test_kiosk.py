"""A kiosk signs somebody in by her phone, for a short while, and forgets her."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.conf import documents
from lianxin.accounts.models import Device, KioskGrant, User
from lianxin.accounts.services import agreement_give
from lianxin.accounts.testing import sign_in, user_of
from lianxin.accounts.tests.people import KIOSK_KEY as KEY
from lianxin.accounts.tests.people import is_in, new_kiosk, whose
from lianxin.audit.api import AuditRow
from lianxin.kit.testing import stopped_clock

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
START = reverse("accounts:kiosk")
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def set_up(settings):
    settings.KIOSKS = {KEY: "市总工会大厅 1 号机"}
    with stopped_clock(NOON) as clock:
        yield clock


@pytest.fixture
def kiosk() -> Client:
    return new_kiosk()


@pytest.fixture
def lin() -> User:
    user = user_of("Lin")
    agreement_give(account=user, documents=documents())
    return user


def _phone(user: User) -> Client:
    client = Client()
    sign_in(client, user)
    return client


def _code(kiosk: Client) -> str:
    return str(kiosk.get(START).context["grant"].user_code)


def _say(phone: Client, code: str, word: str = "yes"):
    page = phone.get(reverse("accounts:kiosk_approve"), {"code": code})
    grant = page.context["grant"]
    return phone.post(reverse("accounts:kiosk_answer", args=[grant.pk]), {word: "1"})


def _poll(kiosk: Client, **headers: str):
    grant = KioskGrant.objects.latest("made_at")
    return kiosk.post(reverse("accounts:kiosk_wait", args=[grant.pk]), headers=headers)


def test_lin_says_yes_on_her_phone_and_the_kiosk_opens_once(kiosk, lin):
    assert _poll_waits(kiosk)
    assert _say(_phone(lin), _code(kiosk)).status_code == 200
    answer = _poll(kiosk, **HTMX)
    assert answer.headers["HX-Redirect"] == "/"
    assert whose(kiosk) == lin
    assert kiosk.session.get_expiry_age() <= 20 * 60
    assert not Device.objects.filter(account=lin).exclude(trusted_until=None).exists()
    assert AuditRow.objects.filter(action="accounts.kiosk_approved", subject_id=lin.pk).count() == 1
    kiosk.post(reverse("accounts:kiosk_finish"))
    assert not is_in(kiosk)
    assert not Device.objects.filter(account=lin, label="kiosk").exists()
    _poll(kiosk)  # the same yes opens nothing again
    assert not is_in(kiosk)


def _poll_waits(kiosk: Client) -> bool:
    kiosk.get(START)
    answer = _poll(kiosk, **HTMX)
    return answer.status_code == 204 and "HX-Redirect" not in answer.headers


def test_without_script_a_button_does_it(kiosk, lin):
    _say(_phone(lin), _code(kiosk))
    assert _poll(kiosk).url == "/"
    assert is_in(kiosk)


def test_a_no_is_a_no_and_a_yes_after_it_changes_nothing(kiosk, lin):
    phone = _phone(lin)
    code = _code(kiosk)
    grant = phone.get(reverse("accounts:kiosk_approve"), {"code": code}).context["grant"]
    answer = reverse("accounts:kiosk_answer", args=[grant.pk])
    phone.post(answer, {"no": "1"})
    phone.post(answer, {"yes": "1"})
    assert _poll(kiosk).url == START
    assert not is_in(kiosk)
    assert _code(kiosk) != code


def test_a_code_lives_five_minutes(kiosk, lin, set_up):
    code = _code(kiosk)
    set_up.move(minutes=5, seconds=1)
    page = _phone(lin).get(reverse("accounts:kiosk_approve"), {"code": code})
    assert page.context["form"].errors
    assert _code(kiosk) != code


def test_one_phone_answers_and_another_cannot_take_it(kiosk, lin):
    code, zhao = _code(kiosk), _phone(user_of("Zhao"))
    grant = zhao.get(reverse("accounts:kiosk_approve"), {"code": code}).context["grant"]
    _say(_phone(lin), code)
    late = zhao.post(reverse("accounts:kiosk_answer", args=[grant.pk]), {"yes": "1"})
    assert late.status_code == 409
    _poll(kiosk)
    assert whose(kiosk) == lin


def test_a_yes_reaches_the_kiosk_that_asked_and_no_other(kiosk, lin):
    other = new_kiosk()
    _say(_phone(lin), _code(kiosk))
    _poll(other)
    assert not is_in(other)


def test_an_untouched_kiosk_signs_out_by_itself(kiosk, lin, set_up):
    _say(_phone(lin), _code(kiosk))
    _poll(kiosk)
    for _touch in range(3):
        set_up.move(minutes=1, seconds=50)
        assert kiosk.post(reverse("accounts:kiosk_here")).status_code == 204
    set_up.move(minutes=2, seconds=1)
    answer = kiosk.get(reverse("accounts:devices"))
    assert answer.url == START
    assert "storage" in answer["Clear-Site-Data"]
    assert not is_in(kiosk)


def test_even_a_touched_one_ends_after_twenty_minutes(kiosk, lin, set_up):
    _say(_phone(lin), _code(kiosk))
    _poll(kiosk)
    for _touch in range(12):
        set_up.move(minutes=1, seconds=45)
        kiosk.get(reverse("accounts:devices"))
    assert not is_in(kiosk)


def test_from_a_kiosk_no_way_in_is_changed_and_no_kiosk_is_opened(kiosk, lin):
    _say(_phone(lin), _code(kiosk))
    _poll(kiosk)
    assert kiosk.get(reverse("accounts:passkey_add")).status_code == 403
    assert kiosk.get(reverse("accounts:kiosk_approve")).status_code == 404
    page = kiosk.get(reverse("accounts:ways")).content.decode()
    assert "data-kiosk-idle" in page
    assert reverse("accounts:kiosk_finish") in page


def test_whoever_only_looks_around_is_led_back_to_the_start(kiosk):
    page = kiosk.get("/privacy/").content.decode()
    assert "data-kiosk-idle" in page
    assert "data-kiosk-left" not in page
    assert "data-kiosk-idle" not in kiosk.get(START).content.decode()
    answer = kiosk.post(reverse("accounts:kiosk_finish"))
    assert answer.url == START
    assert "storage" in answer["Clear-Site-Data"]
    assert "data-kiosk-idle" not in Client().get("/privacy/").content.decode()


def test_she_ends_it_from_her_phone(kiosk, lin):
    phone = _phone(lin)
    _say(phone, _code(kiosk))
    _poll(kiosk)
    device = Device.objects.get(account=lin, label="kiosk")
    assert "kiosk" not in phone.get(reverse("accounts:devices")).context["devices"][0].name
    phone.post(reverse("accounts:device_end", args=[device.pk]))
    assert kiosk.get(reverse("accounts:ways")).url.startswith("/sign-in/")


def test_only_a_kiosk_that_was_set_up_may_ask(settings):
    client = Client()
    assert client.get(START).url == reverse("accounts:kiosk_set_up")
    client.cookies["lx_kiosk"] = f"{KEY}:forged"
    assert client.get(START).url == reverse("accounts:kiosk_set_up")
    client.get(reverse("accounts:kiosk_set_up"))
    wrong = client.post(reverse("accounts:kiosk_set_up"), {"key": "x" * 32})
    assert wrong.context["form"].errors
    assert not KioskGrant.objects.exists()


def test_one_struck_off_the_list_is_no_kiosk_any_more(kiosk, settings):
    settings.KIOSKS = {"z" * 32: "another"}
    assert kiosk.get(START).url == reverse("accounts:kiosk_set_up")


def test_where_no_kiosk_is_set_up_there_is_no_such_page(settings, lin):
    settings.KIOSKS = {}
    phone = _phone(lin)
    for name in ("kiosk", "kiosk_set_up", "kiosk_approve"):
        assert phone.get(reverse(f"accounts:{name}")).status_code == 404
    assert phone.post(reverse("accounts:kiosk_finish")).status_code == 404


def test_codes_are_not_guessed(kiosk, lin):
    phone, code = _phone(lin), _code(kiosk)
    for number in range(10):
        phone.post(reverse("accounts:kiosk_approve"), {"code": f"BBBB-BBB{'BCDFGHJKLM'[number]}"})
    assert phone.post(reverse("accounts:kiosk_approve"), {"code": code}).context["form"].errors


def test_a_code_may_be_typed_in_many_ways(kiosk, lin):
    code = _code(kiosk)
    for typed in (code.lower(), code.replace("-", " "), " ".join(code)):
        page = _phone(lin).post(reverse("accounts:kiosk_approve"), {"code": typed})
        assert page.context["grant"].user_code == code


def test_nobody_signed_out_answers(kiosk):
    assert Client().get(reverse("accounts:kiosk_approve")).url.startswith("/sign-in/")


def test_an_officer_at_a_kiosk_is_a_worker(kiosk):
    wang = user_of("Wang", login_name="wang", password="four-words-nobody-guesses")  # noqa: S106
    _say(_phone(wang), _code(kiosk))
    _poll(kiosk)
    assert "password_at" not in kiosk.session
