"""Factories of accounts and a short way to be signed in, for tests and the demo."""

from __future__ import annotations

import itertools

from django.test import Client
from django.urls import reverse

from lianxin.accounts import rules
from lianxin.accounts.conf import documents
from lianxin.accounts.models import User
from lianxin.accounts.services import agreement_give, factor_enrol
from lianxin.kit import clock
from lianxin.notify.testing import code_to
from lianxin.vault import api as vault

BACKEND = "django.contrib.auth.backends.ModelBackend"
_numbers = itertools.count(10000000001)  # no carrier gives out numbers that begin with 100


def user_of(
    name: str = "Lin", *, phone: str | None = None, password: str | None = None, **fields: object
) -> User:
    """Make an account; `phone` is E.164 ("+8610000000001"), "" for none, None for the next free one."""
    number = f"+86{next(_numbers)}" if phone is None else phone
    user = User(display_name=name, phone=number, **fields)
    user.phone_index = vault.blind_index(number, purpose="phone")
    user.phone_verified_at = clock.now() if number else None
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    user.save()
    return user


def sign_in(client: Client, user: User, *, second_factor: bool = True) -> User:
    """Sign `client` in as `user`, by default with password and second factor given just now."""
    client.force_login(user, backend=BACKEND)
    if second_factor:
        session = client.session
        session["password_at"] = session["second_factor_at"] = clock.now().isoformat()
        session.save()
    return user


def opened(user: User) -> User:
    """Let the person behind an account have been in it: her number proved, what is asked agreed to."""
    User.objects.filter(pk=user.pk).update(phone_verified_at=clock.now())
    agreement_give(account=user, documents=documents())
    return user


def come_in(phone: str, *, answer: str = "") -> Client:
    """Sign in by phone as the pages ask, on a phone nobody knows; `answer` says who one is."""
    browser = Client()
    browser.get(reverse("accounts:sign_in"))
    page = browser.post(reverse("accounts:sign_in"), {"phone": phone})["Location"]
    page = browser.post(page, {"code": code_to(phone)})["Location"]
    if page.endswith("/who/"):
        page = browser.post(page, {"answer": answer}).headers.get("Location", "")
    if page.endswith("/agree/"):
        browser.post(page, {"agreed": list(documents())})
    return browser


def demo_account(
    name: str, *, phone: str, login_name: str | None = None, password_hash: str = ""
) -> User:
    """Make an invented person of the demonstration, who has agreed to the policy already.

    An officer gets a ready password hash and an app, whose codes the sign-in page shows.
    """
    user = user_of(name, phone=phone, login_name=login_name, is_demo=True)
    agreement_give(account=user, documents=documents())
    if login_name:
        User.objects.filter(pk=user.pk).update(password=password_hash)
        totp_of(user)
    return user


def totp_of(user: User) -> str:
    """Set an authenticator app up for an account; return its secret."""
    secret = rules.new_totp_secret()
    _enrol(user, secret)
    return secret


def totp_now(secret: str) -> str:
    """Return the code an authenticator app shows now."""
    return rules.totp_code(secret, rules.totp_counter(clock.now()))


def _enrol(user: User, secret: str) -> None:
    # With the code of half a minute ago, so that the present one is still unused.
    code = rules.totp_code(secret, rules.totp_counter(clock.now()) - 1)
    factor_enrol(account_id=user.pk, secret=secret, code=code)
