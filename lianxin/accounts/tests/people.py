"""Lin and Zhao with their phones in hand: the steps of signing in as a browser takes them."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from contextlib import contextmanager

from django.test import Client
from django.urls import reverse

from lianxin.accounts import conf
from lianxin.accounts.models import User
from lianxin.accounts.policies import IdentityCheck, identity_checks
from lianxin.notify.testing import code_to

LIN, ZHAO = "+8610000000901", "+8610000000902"
ANSWER = "01234X"
KIOSK_KEY = "k" * 32


def new_phone(**headers: str) -> Client:
    """A browser that has opened the sign-in page once, so that it has its cookie."""
    client = Client(headers=headers or None)
    client.get(reverse("accounts:sign_in"))
    return client


def new_kiosk() -> Client:
    """A browser its operator made a kiosk; `settings.KIOSKS` knows KIOSK_KEY."""
    client = Client()
    client.get(reverse("accounts:kiosk_set_up"))
    answer = client.post(reverse("accounts:kiosk_set_up"), {"key": KIOSK_KEY})
    assert answer.url == reverse("accounts:kiosk")
    client.get(answer.url)
    return client


def ask_code(client: Client, phone: str, **more: str) -> str:
    """Ask for a code; return the address of its page."""
    answer = client.post(reverse("accounts:sign_in"), {"phone": phone, **more})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.url)


def type_code(client: Client, page: str, phone: str):
    return client.post(page, {"code": code_to(phone)})


def agree(client: Client, page: str):
    return client.post(page, {"agreed": list(conf.documents())})


def come_in(client: Client, phone: str, **more: str) -> User:
    """Sign in from beginning to end, agreeing where that is asked."""
    answer = type_code(client, ask_code(client, phone, **more), phone)
    if answer.url.endswith("/agree/"):
        answer = agree(client, answer.url)
    assert answer.url == reverse("accounts:next_step"), answer.url
    return whose(client)


def whose(client: Client) -> User:
    return User.objects.get(pk=client.session["_auth_user_id"])


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@contextmanager
def person_behind(*users: User) -> Iterator[None]:
    """Put a person behind these accounts, who answers with ANSWER."""
    ids = {user.pk for user in users}
    identity_checks.fill(
        "test",
        IdentityCheck(
            question=lambda user: "The last six characters?" if user.pk in ids else None,
            verify=lambda user, answer: hmac.compare_digest(answer.encode(), ANSWER.encode()),
        ),
        order=1,
    )
    try:
        yield
    finally:
        none = IdentityCheck(question=lambda _user: None, verify=lambda _user, _answer: False)
        identity_checks.fill("test", none, order=1)
