"""Officers: a login name, a password of one's own, an app, and only then the desk."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from lianxin.accounts import api, services
from lianxin.accounts.models import Device, User
from lianxin.accounts.testing import sign_in, totp_now, totp_of, user_of
from lianxin.accounts.tests.people import LIN, come_in, is_in, new_phone
from lianxin.kit.errors import RefusedError
from lianxin.kit.testing import stopped_clock

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
OWN = "four-words-nobody-guesses"
FACTOR = "accounts:second_factor"


def desk_is_open(client) -> bool:
    request = client.get(reverse("accounts:devices")).wsgi_request
    opened = api.has_second_factor(request)
    request.session.save()
    return opened


def give_password(client, password: str = OWN, name: str = "wang", **more: str):
    page = reverse("accounts:officer_sign_in")
    return client.post(page, {"login_name": name, "password": password, **more})


@pytest.fixture
def wang() -> User:
    return user_of("Wang", login_name="wang", password=OWN, phone=LIN)


def test_a_new_officer_goes_from_the_first_password_to_the_desk() -> None:
    with stopped_clock(NOON) as clock:
        user, password = api.officer_create(
            actor_id=None, login_name="Wang", display_name="王建国", phone=LIN
        )
        client = new_phone()
        assert (
            give_password(client, password, next="/desk/").url == f"{reverse(FACTOR)}?next=/desk/"
        )
        page = client.get(f"{reverse(FACTOR)}?next=/desk/").url
        assert page == f"{reverse('accounts:password_change')}?next=/desk/"
        typed = {"old": password, "new": OWN, "again": OWN, "next": "/desk/"}
        client.post(page, typed)
        page = client.get(f"{reverse(FACTOR)}?next=/desk/").url
        assert page.startswith(reverse("accounts:factor_enrol"))
        shown = client.get(page)
        assert "data:image/svg+xml" in shown.content.decode()
        secret = shown.context["secret"]
        assert not desk_is_open(client)
        wrong = client.post(page, {"code": "000000"})
        assert wrong.context["form"].errors["code"]
        page = client.post(page, {"code": totp_now(secret), "next": "/desk/"}).url
        assert page == f"{reverse('accounts:recovery_codes')}?next=/desk/"
        assert desk_is_open(client)
        codes = client.get(page).context["codes"]
        assert len(set(codes)) == 10
        assert client.post(page, {"next": "/desk/"}).url == "/desk/"
        assert client.get(page).context["codes"] == []
        # Lin's account and the officer's are one: she signs in by phone as well.
        clock.move(days=2)
        phone = new_phone()
        assert come_in(phone, LIN) == user
        assert not desk_is_open(phone)


def test_password_alone_opens_no_desk_and_the_code_does(wang: User) -> None:
    client = new_phone()
    secret = totp_of(wang)
    give_password(client)
    assert is_in(client)
    assert not desk_is_open(client)
    answer = client.post(reverse(FACTOR), {"code": totp_now(secret), "next": "/desk/queue/"})
    assert answer.url == "/desk/queue/"
    assert desk_is_open(client)


def test_signed_in_by_phone_the_password_comes_first(wang: User) -> None:
    totp_of(wang)
    client = new_phone()
    come_in(client, LIN)
    page = client.get(reverse(FACTOR), {"next": "/desk/"}).url
    assert page == f"{reverse('accounts:officer_sign_in')}?next=/desk/"
    assert client.get(page).context["form"].initial["login_name"] == "wang"
    give_password(client)
    assert client.get(reverse(FACTOR)).status_code == 200


def test_who_has_no_login_name_is_told_where_to_get_one() -> None:
    client = new_phone()
    come_in(client, LIN)
    answer = client.get(reverse(FACTOR))
    assert answer.templates[0].name == "accounts/factor_missing.html"
    assert client.post(reverse(FACTOR), {"code": "123456"}).status_code == 200
    assert not desk_is_open(client)


def test_a_code_of_the_app_counts_once(wang: User) -> None:
    with stopped_clock(NOON) as clock:
        secret = totp_of(wang)
        code = totp_now(secret)
        services.factor_prove(account_id=wang.pk, code=code)
        with pytest.raises(RefusedError):
            services.factor_prove(account_id=wang.pk, code=code)
        clock.move(seconds=30)
        services.factor_prove(account_id=wang.pk, code=totp_now(secret))


def test_a_recovery_code_counts_once_and_new_ones_end_the_old(wang: User) -> None:
    totp_of(wang)
    codes = services.recovery_codes_renew(account_id=wang.pk)
    services.factor_prove(account_id=wang.pk, code=codes[0].lower())
    with pytest.raises(RefusedError):
        services.factor_prove(account_id=wang.pk, code=codes[0])
    services.recovery_codes_renew(account_id=wang.pk)
    with pytest.raises(RefusedError):
        services.factor_prove(account_id=wang.pk, code=codes[1])


def test_guessing_codes_ends_after_five(wang: User) -> None:
    with stopped_clock(NOON) as clock:
        secret = totp_of(wang)
        for _ in range(5):
            with pytest.raises(RefusedError):
                services.factor_prove(account_id=wang.pk, code="000000")
        with pytest.raises(RefusedError):
            services.factor_prove(account_id=wang.pk, code=totp_now(secret))
        clock.move(minutes=16)
        services.factor_prove(account_id=wang.pk, code=totp_now(secret))


def test_the_app_cannot_be_set_up_over_another(wang: User) -> None:
    totp_of(wang)
    client = new_phone()
    give_password(client)
    page = reverse("accounts:factor_enrol")
    assert client.get(page).url == reverse(FACTOR)
    with pytest.raises(RefusedError):
        totp_of(wang)


def test_the_app_cannot_be_set_up_without_the_password(wang: User) -> None:
    client = new_phone()
    come_in(client, LIN)
    assert client.get(reverse("accounts:factor_enrol")).url == reverse(FACTOR)


def test_known_and_unknown_names_get_the_same_answer(wang: User) -> None:
    one = give_password(new_phone(), "wrong")
    other = give_password(new_phone(), "wrong", name="nobody")
    texts = [answer.context["form"].non_field_errors() for answer in (one, other)]
    assert texts[0] == texts[1]
    assert one.status_code == other.status_code == 200


def test_five_wrong_passwords_make_a_pause_but_not_on_her_own_device(wang: User) -> None:
    secret = totp_of(wang)
    own = new_phone()
    give_password(own)
    own.post(reverse(FACTOR), {"code": totp_now(secret)})
    own.post(reverse("accounts:sign_out"))
    for _ in range(6):
        answer = give_password(new_phone(), "wrong")
        assert answer.status_code == 200
    stranger = new_phone()
    assert give_password(stranger).status_code == 200
    assert not is_in(stranger)
    give_password(own)
    assert is_in(own)


def test_a_factory_behind_one_address_may_mistype(wang: User) -> None:
    for serial in range(12):
        give_password(new_phone(), "wrong", name=f"other{serial}")
    client = new_phone()
    give_password(client)
    assert is_in(client)


def test_eight_idle_hours_close_the_desk(wang: User) -> None:
    with stopped_clock(NOON) as clock:
        secret = totp_of(wang)
        client = new_phone()
        give_password(client)
        client.post(reverse(FACTOR), {"code": totp_now(secret)})
        for _ in range(3):
            clock.move(hours=7)
            assert desk_is_open(client)
        clock.move(hours=8, minutes=1)
        assert not desk_is_open(client)


def test_the_session_is_a_new_one_after_each_step(wang: User) -> None:
    secret = totp_of(wang)
    client = new_phone()
    keys = set()
    for step in (
        lambda: come_in(client, LIN),
        lambda: give_password(client),
        lambda: client.post(reverse(FACTOR), {"code": totp_now(secret)}),
    ):
        step()
        keys.add(client.session.session_key)
    assert len(keys) == 3
    assert client.session.get_expiry_age() <= 8 * 3600


def test_a_first_password_holds_for_a_week() -> None:
    with stopped_clock(NOON) as clock:
        _, password = api.officer_create(actor_id=None, login_name="wang", display_name="Wang")
        clock.move(days=8)
        client = new_phone()
        assert give_password(client, password).context["form"].non_field_errors()
        assert not is_in(client)


def test_a_reset_ends_sessions_and_hands_a_first_password(wang: User) -> None:
    secret = totp_of(wang)
    client = new_phone()
    give_password(client)
    client.post(reverse(FACTOR), {"code": totp_now(secret)})
    password = api.password_hand(actor_id=None, account_id=wang.pk)
    assert client.get(reverse("accounts:devices")).status_code == 302
    assert give_password(new_phone(), OWN).status_code == 200
    fresh = new_phone()
    give_password(fresh, password)
    assert fresh.get(reverse(FACTOR)).url == reverse("accounts:password_change")


@pytest.mark.parametrize(
    ("new", "again"), [("short1!", "short1!"), ("1234567890123", "1234567890123"), (OWN, OWN), ("a-good-new-password", "another-password")]
)  # fmt: skip
def test_a_poor_password_gets_a_sentence(wang: User, new: str, again: str) -> None:
    client = new_phone()
    give_password(client)
    page = reverse("accounts:password_change")
    answer = client.post(page, {"old": OWN, "new": new, "again": again})
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_a_key_planted_before_the_second_factor_is_trusted_by_nobody(wang: User) -> None:
    secret = totp_of(wang)
    client = new_phone()
    give_password(client)
    planted = client.cookies["lx_device"].value
    client.post(reverse(FACTOR), {"code": totp_now(secret)})
    assert client.cookies["lx_device"].value != planted
    keys = [(row.key, row.trusted_until is not None) for row in Device.objects.all()]
    assert len(keys) == 1
    assert keys[0][1]
    assert not planted.startswith(keys[0][0])


def test_the_old_password_cannot_be_guessed_inside_either(wang: User) -> None:
    client = new_phone()
    give_password(client)
    page = reverse("accounts:password_change")
    typed = {"new": "quite-another-story", "again": "quite-another-story"}
    for n in range(5):
        client.post(page, {"old": f"a-wrong-guess-{n}", **typed})
    assert client.post(page, {"old": OWN, **typed}).context["form"].errors["old"]
    wang.refresh_from_db()
    assert wang.check_password(OWN)
    by_phone = new_phone()
    by_phone.force_login(wang, backend="django.contrib.auth.backends.ModelBackend")
    assert by_phone.post(page, {"old": OWN, **typed}).status_code == 302
    wang.refresh_from_db()
    assert wang.check_password(OWN)


def test_ones_own_new_password_signs_other_devices_out(wang: User) -> None:
    here, there = new_phone(), new_phone()
    give_password(here)
    give_password(there)
    typed = {"old": OWN, "new": "quite-another-story", "again": "quite-another-story"}
    here.post(reverse("accounts:password_change"), typed)
    assert here.get(reverse("accounts:devices")).status_code == 200
    assert there.get(reverse("accounts:devices")).status_code == 302


def test_the_short_way_of_tests_opens_the_desk(client) -> None:
    sign_in(client, user_of("Wang"))
    assert desk_is_open(client)
    sign_in(client, user_of("Lin"), second_factor=False)
    assert not desk_is_open(client)


def test_the_demo_shows_the_code_of_invented_officers_only(wang: User, settings) -> None:
    totp_of(wang)
    client = new_phone()
    give_password(client)
    assert client.get(reverse(FACTOR)).context["demo_code"] == ""
    User.objects.update(is_demo=True)
    code = client.get(reverse(FACTOR)).context["demo_code"]
    settings.DEMO = False
    assert client.get(reverse(FACTOR)).context["demo_code"] == ""
    client.post(reverse(FACTOR), {"code": code})
    assert desk_is_open(client)
