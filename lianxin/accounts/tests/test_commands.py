"""The commands of the operator, and the demo's people on the sign-in page."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from allauth.account.adapter import get_adapter
from django.core.management import CommandError, call_command
from django.urls import reverse

from lianxin.accounts.models import User
from lianxin.accounts.testing import totp_of, user_of
from lianxin.accounts.tests.people import LIN, ZHAO, is_in, new_phone
from lianxin.notify.testing import texts_to

pytestmark = pytest.mark.django_db
PEOPLE = [
    {"label": {"en": "Lin", "zh_Hans": "林"}, "note": {"en": "worker", "zh_Hans": "工人"}, "phone": LIN},
    {"label": {"en": "Wang", "zh_Hans": "王"}, "note": {"en": "officer", "zh_Hans": "干部"},
     "login_name": "wang", "password": "said-aloud"},
]  # fmt: skip


def _said(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def _password(said: str) -> str:
    return said.split("First password: ")[1].split(maxsplit=1)[0]


def test_the_first_administrator_is_made_once_and_told_what_comes_next() -> None:
    said = _said("first_administrator", "admin", "--name", "管理员")
    assert "What to do next" in said
    assert "post_grant admin" in said
    client = new_phone()
    typed = {"login_name": "admin", "password": _password(said)}
    client.post(reverse("accounts:officer_sign_in"), typed)
    assert is_in(client)
    with pytest.raises(CommandError):
        call_command("first_administrator", "second")


def test_an_officer_is_made_and_reset() -> None:
    said = _said("officer_create", "wang", "--name", "王建国", "--phone", LIN)
    wang = User.objects.get(login_name="wang")
    assert wang.check_password(_password(said))
    totp_of(wang)
    said = _said("officer_reset", "wang", "--lost-phone")
    wang.refresh_from_db()
    assert wang.check_password(_password(said))
    assert not wang.authenticator_set.exists()


@pytest.mark.parametrize(
    "command",
    [("officer_create", "wang"), ("officer_create", "a b"), ("officer_create", "new", "--phone", "12"),
     ("officer_create", "new", "--phone", LIN), ("officer_reset", "nobody")],
)  # fmt: skip
def test_a_command_that_makes_no_sense_gets_a_sentence(command: tuple[str, ...]) -> None:
    user_of("Wang", login_name="wang", phone=LIN)
    with pytest.raises(CommandError, match=r"\w"):
        call_command(*command)


def test_the_demos_people_stand_on_the_sign_in_page(client, settings) -> None:
    Path(settings.DEMO_SIGN_INS).write_text(json.dumps(PEOPLE), encoding="utf-8")
    try:
        client.cookies["django_language"] = "en"
        page = reverse("accounts:sign_in")
        assert "Lin" in client.get(page).content.decode()
        assert client.get(page, {"demo": "0"}).context["form"].initial["phone"] == LIN
        assert client.get(page, {"demo": "77"}).context["form"].initial["phone"] == ""
        officer = client.get(reverse("accounts:officer_sign_in"), {"demo": "1"})
        assert officer.context["form"].initial["login_name"] == "wang"
        assert "said-aloud" in officer.content.decode()
        settings.DEMO = False
        assert client.get(page).context["people"] == []
    finally:
        Path(settings.DEMO_SIGN_INS).unlink()


def test_allauth_finds_our_accounts_by_phone() -> None:
    adapter = get_adapter()
    lin = user_of("Lin", phone=LIN)
    assert adapter.get_user_by_phone(LIN) == lin
    assert adapter.get_phone(lin) == (LIN, True)
    adapter.set_phone(lin, ZHAO, False)
    assert adapter.get_phone(lin) == (ZHAO, False)
    adapter.set_phone_verified(lin, ZHAO)
    assert adapter.clean_phone("100 0000 0902") == ZHAO
    adapter.send_verification_code_sms(lin, ZHAO, "123456")
    assert "123456" in texts_to(ZHAO)[0]
