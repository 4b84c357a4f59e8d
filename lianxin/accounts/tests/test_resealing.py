"""When keys rotate, app secrets and what sessions hold sealed are taken along."""

from __future__ import annotations

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client

from lianxin.accounts.services import factor_prove
from lianxin.accounts.testing import sign_in, totp_now, totp_of, user_of
from lianxin.vault.api import open_text, reveal, seal_text


@pytest.fixture
def wang(db, settings, tmp_path):
    settings.VAULT_KEYS = tmp_path / "keys"
    return user_of("王敏", phone="13900000001", login_name="wang")


def _rotate() -> None:
    call_command("keys_rotate", stdout=StringIO())
    call_command("keys_retire", "data", "0001", "--at-once", stdout=StringIO())


def test_the_second_factor_still_works(wang):
    secret = totp_of(wang)
    _rotate()
    held = Authenticator.objects.get(user=wang, type="totp").data["secret"]
    assert held.startswith("v2.aes.0002.")
    factor_prove(account_id=wang.pk, code=totp_now(secret))
    wang.refresh_from_db()
    assert reveal(wang, "phone") == "13900000001"


def test_a_secret_sealed_by_allauth_s_own_doors_is_taken_along(wang):
    token = seal_text("ABC", bound_to="allauth.mfa")
    row = Authenticator.objects.create(user=wang, type="totp", data={"secret": token})
    _rotate()
    row.refresh_from_db()
    assert open_text(row.data["secret"], bound_to="allauth.mfa") == "ABC"


def test_what_a_session_holds_sealed_still_opens_there(wang):
    browser = Client()
    sign_in(browser, wang)
    session = browser.session
    place = f"accounts.session:{wang.pk}"
    session["totp_pending"] = seal_text("ABC", bound_to=place)
    session["foreign"] = seal_text("another's", bound_to="elsewhere")
    session.save()
    _rotate()
    held = Session.objects.get(pk=session.session_key).get_decoded()
    assert open_text(held["totp_pending"], bound_to=place) == "ABC"
    assert "foreign" not in held
    assert held["_auth_user_id"] == str(wang.pk)
