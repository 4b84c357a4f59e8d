"""A device that is not her own: at a kiosk every way in is short and leaves nothing behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from lianxin.accounts.models import Device, OutsideIdentity, User
from lianxin.accounts.policies import identity_finders
from lianxin.accounts.tests.authenticator import Key
from lianxin.accounts.tests.people import (
    ANSWER,
    KIOSK_KEY,
    LIN,
    ZHAO,
    agree,
    ask_code,
    come_in,
    is_in,
    new_kiosk,
    new_phone,
    person_behind,
    type_code,
    whose,
)
from lianxin.accounts.tests.providers import FakeProvider, FakeServer, configured
from lianxin.accounts.tests.visits import give_password, link, passkey_add, passkey_show, visit
from lianxin.kit.testing import StoppedClock, stopped_clock

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
PASSWORD = "four-words-nobody-guesses"  # noqa: S105  (an invented person's)
KIOSK, DOOR = reverse("accounts:kiosk"), reverse("accounts:sign_in")
TWENTY_MINUTES = 20 * 60
Come = Callable[[Client], object]


@pytest.fixture(autouse=True)
def hands(settings) -> Iterator[StoppedClock]:
    settings.KIOSKS = {KIOSK_KEY: "市总工会大厅 1 号机"}
    with stopped_clock(NOON) as clock:
        yield clock


@pytest.fixture
def fake(settings) -> Iterator[FakeProvider]:
    cache.clear()
    with FakeServer() as provider:
        settings.SIGN_IN_PROVIDERS = configured(provider.url)
        yield provider
    cache.clear()


@pytest.fixture
def ways(fake, hands) -> dict[str, Come]:
    """Lin's ways in, as the steps a browser takes; she is a person whom an unknown device asks."""
    own, key = new_phone(), Key()
    lin = come_in(own, LIN)
    passkey_add(own, key)
    link(own, fake, "wechat")
    User.objects.filter(pk=lin.pk).update(login_name="lin")
    lin.refresh_from_db()
    lin.set_password(PASSWORD)
    lin.save()
    hands.move(minutes=3)

    def by_phone(client: Client) -> None:
        page = type_code(client, ask_code(client, LIN), LIN).url
        client.post(page, {"answer": ANSWER})

    def by_identity(client: Client) -> None:
        client.post(visit(client, fake, "wechat").url, {"answer": ANSWER})

    return {
        "phone": by_phone,
        "passkey": lambda client: passkey_show(client, key),
        "identity": by_identity,
        "password": lambda client: give_password(client, "lin", PASSWORD),
    }


@pytest.mark.parametrize("way", ["phone", "passkey", "identity", "password"])
def test_whichever_way_she_came_in_a_kiosk_forgets_her(ways, hands, way):
    kiosk, lin = new_kiosk(), User.objects.get()
    before = set(Device.objects.exclude(trusted_until=None))
    with person_behind(lin):
        ways[way](kiosk)
        assert whose(kiosk) == lin
        assert kiosk.session.get_expiry_age() <= TWENTY_MINUTES
        assert kiosk.session["is_shared"]
        assert set(Device.objects.exclude(trusted_until=None)) == before
        assert "data-kiosk-idle" in kiosk.get(reverse("accounts:ways")).content.decode()
        hands.move(minutes=1, seconds=50)
        assert kiosk.post(reverse("accounts:kiosk_here")).status_code == 204
        hands.move(minutes=2, seconds=1)
        assert kiosk.get(reverse("accounts:devices")).url == KIOSK
        assert not is_in(kiosk)
        # Nobody after her is taken for her: the same number is asked who holds it.
        page = type_code(kiosk, ask_code(kiosk, LIN), LIN).url
        assert page.endswith("/who/")


@pytest.mark.parametrize("way", ["phone", "passkey", "identity", "password"])
def test_the_next_person_at_a_kiosk_has_a_session_of_her_own(ways, way):
    kiosk, lin = new_kiosk(), User.objects.get()
    with person_behind(lin):
        ways[way](kiosk)
    kiosk.post(reverse("accounts:kiosk_finish"))
    assert not is_in(kiosk)
    zhao = come_in(kiosk, ZHAO)
    assert whose(kiosk) == zhao != lin
    assert kiosk.session.get_expiry_age() <= TWENTY_MINUTES


def test_on_her_own_phone_the_same_ways_last(ways):
    client, lin = new_phone(), User.objects.get()
    with person_behind(lin):
        ways["phone"](client)
    assert whose(client) == lin
    assert client.session.get_expiry_age() > TWENTY_MINUTES
    assert "kiosk" not in client.session


def test_on_a_borrowed_device_an_identity_is_not_linked(fake):
    client = new_phone()
    page = visit(client, fake, "wechat").url
    waiting = str(client.get(page).context["outside"].pk)
    code_page = ask_code(client, LIN, **{"with": waiting, "is_shared": "on"})
    agree(client, type_code(client, code_page, LIN).url)
    assert is_in(client)
    assert not OutsideIdentity.objects.exists()


def test_at_a_kiosk_an_identity_is_not_linked(fake):
    kiosk = new_kiosk()
    page = visit(kiosk, fake, "wechat").url
    waiting = str(kiosk.get(page).context["outside"].pk)
    code_page = ask_code(kiosk, LIN, **{"with": waiting})
    agree(kiosk, type_code(kiosk, code_page, LIN).url)
    assert is_in(kiosk)
    assert not OutsideIdentity.objects.exists()


def test_to_an_account_with_a_password_no_identity_is_linked_by_phone(fake, hands):
    client = new_phone()
    wang = come_in(client, LIN)
    client.post(reverse("accounts:sign_out"))
    wang.login_name = "wang"
    wang.set_password(PASSWORD)
    wang.save()
    hands.move(minutes=3)
    page = visit(client, fake, "wechat").url
    waiting = str(client.get(page).context["outside"].pk)
    answer = type_code(client, ask_code(client, LIN, **{"with": waiting}), LIN)
    assert answer.url == reverse("accounts:next_step")
    assert whose(client) == wang
    assert not OutsideIdentity.objects.exists()


@pytest.fixture
def verified(fake) -> Iterator[User]:
    """A provider whose identity numbers count; Lin holds number 99X."""
    lin = come_in(new_phone(), LIN)
    fake.change = lambda said: {**said, "id_number": "99x", "acr": "high"}
    identity_finders.fill("test", lambda number: lin.pk if number == "99X" else None, order=1)
    yield lin
    identity_finders.fill("test", lambda _number: None, order=1)


@pytest.mark.parametrize("browser", [new_phone, new_kiosk])
def test_a_verified_number_is_linked_on_her_own_device_alone(fake, verified, browser):
    client = browser()
    with person_behind(verified):
        assert visit(client, fake, "gov").url == reverse("accounts:next_step")
    assert whose(client) == verified
    assert OutsideIdentity.objects.exists() is (browser is new_phone)


def test_to_a_password_not_even_a_verified_number_is_linked(fake, verified):
    verified.login_name = "lin"
    verified.set_password(PASSWORD)
    verified.save()
    client = new_phone()
    visit(client, fake, "gov")
    assert whose(client) == verified
    assert not OutsideIdentity.objects.exists()


def test_an_identity_that_brings_somebody_else_s_number_answers_for_nobody(fake, verified):
    """Linked by Lin, opened with a verified number that is not hers: she is asked as ever."""
    zhao = come_in(new_phone(), ZHAO)
    own = new_phone()
    with person_behind(verified):
        visit(own, fake, "gov")
        fake.change = lambda said: {**said, "id_number": "77", "acr": "high"}
        identity_finders.fill("test", lambda number: zhao.pk if number == "77" else None, order=1)
        stranger = new_phone()
        assert visit(stranger, fake, "gov").url.endswith("/who/")
        assert not is_in(stranger)


def test_a_phone_left_on_a_table_links_no_identity_of_another(fake, hands):
    """The device is trusted; still, to add a way in somebody must say who she is."""
    client = new_phone()
    lin = come_in(client, LIN)
    client.post(reverse("accounts:sign_out"))
    hands.move(minutes=3)
    with person_behind(lin):
        page = visit(client, fake, "wechat", uid="thief").url
        waiting = str(client.get(page).context["outside"].pk)
        asked = type_code(client, ask_code(client, LIN, **{"with": waiting}), LIN).url
        assert asked.endswith("/who/")
        assert not is_in(client)
        assert client.post(asked, {"answer": "wrong"}).status_code == 200
        assert not OutsideIdentity.objects.exists()
        assert client.post(asked, {"answer": ANSWER}).url == reverse("accounts:next_step")
        assert OutsideIdentity.objects.get().account == lin
        # Without a new way in, her own device is not asked.
        client.post(reverse("accounts:sign_out"))
        hands.move(minutes=3)
        assert come_in(client, LIN) == lin
