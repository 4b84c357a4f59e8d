"""Ways in beside the phone, as the steps a browser takes: passkeys, identities, passwords."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from lianxin.accounts.tests.authenticator import Key
from lianxin.accounts.tests.providers import FakeProvider


def asked(client: Client, address: str) -> dict[str, Any]:
    """Ask for a challenge and what a browser hands to the key."""
    answer = client.post(address)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def passkey_add(client: Client, key: Key, name: str = "我的手机"):
    """Make a passkey for who is signed in."""
    found = asked(client, reverse("accounts:passkey_begin_own", args=["link"]))
    sent = {"challenge": found["challenge"], "credential": key.made(found["options"]), "name": name}
    return client.post(reverse("accounts:passkey_add"), sent)


def passkey_show(client: Client, key: Key, **changed):
    """Sign in by a passkey alone; return the answer and what was sent."""
    found = asked(client, reverse("accounts:passkey_begin"))
    sent = {"challenge": found["challenge"], "credential": key.shown(found["options"], **changed)}
    return client.post(reverse("accounts:passkey_sign_in"), sent), sent


def begin(client: Client, kind: str, **sent: str) -> str:
    """Go to a provider; return the address there."""
    answer = client.post(reverse("accounts:outside_begin", args=[kind]), sent)
    assert answer.status_code == 302
    return str(answer.url)


def back(client: Client, kind: str, brought: dict[str, str]):
    """Come back with what a provider sent."""
    return client.get(reverse("accounts:outside_back", args=[kind]), brought)


def visit(client: Client, fake: FakeProvider, kind: str, uid: str = "union-lin", **sent: str):
    """Go to a provider, say yes there, and come back."""
    return back(client, kind, fake.consent(begin(client, kind, **sent), uid))


def link(client: Client, fake: FakeProvider, kind: str, uid: str = "union-lin"):
    """Link an identity to who is signed in."""
    address = client.post(reverse("accounts:way_link", args=[kind])).url
    return back(client, kind, fake.consent(address, uid))


def give_password(client: Client, name: str, password: str):
    """Sign in as officers do, up to the second factor."""
    client.get(reverse("accounts:officer_sign_in"))
    sent = {"login_name": name, "password": password}
    return client.post(reverse("accounts:officer_sign_in"), sent)
