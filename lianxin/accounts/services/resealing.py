"""Sealed secrets outside sealed columns, for the rotation of keys: app secrets and sessions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from lianxin.vault import api as vault

# The places are those of `factors.py`, of the pages of officers, and of `adapters/allauth.py`.
ALLAUTH = "allauth.mfa"


class SessionSecrets:
    """What a session holds sealed for its account: a secret being set up, codes shown once."""

    name = "sessions.Session.session_data"

    def reseal(self, *, after: str, size: int, again: vault.Again) -> vault.Batch | None:
        """Take the next sessions."""
        held = list(Session.objects.filter(pk__gt=after).order_by("pk")[:size])
        if not held:
            return None
        batch = vault.Batch(last=held[-1].pk, rows=len(held))
        for session in held:
            data = SessionStore().decode(session.session_data)
            turned = _session_turn(data, again)
            if turned != data:
                swapped = Session.objects.filter(
                    pk=session.pk, session_data=session.session_data
                ).update(session_data=SessionStore().encode(turned))
                batch.resealed += swapped
                batch.passed_over += 1 - swapped
        return batch

    def heads(self, *, size: int) -> Iterator[str]:
        """Yield every token."""
        for session in Session.objects.iterator(chunk_size=size):
            data = SessionStore().decode(session.session_data)
            yield from (value for value in data.values() if _is_sealed(data, value))


def sealed_stores() -> list[vault.SealedStore]:
    """List the places where accounts keep sealed values outside sealed columns."""
    return [vault.DocumentStore(Authenticator, "data", _secret_turn), SessionSecrets()]


def _session_turn(data: dict[str, Any], again: vault.Again) -> dict[str, Any]:
    turned = dict(data)
    for name, value in data.items():
        if not _is_sealed(data, value):
            continue
        try:
            turned[name] = again(value, bound_to=f"accounts.session:{data[SESSION_KEY]}")
        except vault.BrokenSealError:
            del turned[name]  # another account's, or altered: good for nothing
    return turned


def _secret_turn(pk: int, document: dict[str, Any], again: vault.Again) -> dict[str, Any]:
    secret = document.get("secret")
    if not isinstance(secret, str):
        return document
    owner = Authenticator.objects.values_list("user_id", flat=True).filter(pk=pk).first()
    try:
        return document | {"secret": again(secret, bound_to=f"accounts.totp:{owner}")}
    except vault.BrokenSealError:
        return document | {"secret": again(secret, bound_to=ALLAUTH)}


def _is_sealed(data: dict[str, Any], value: object) -> bool:
    return SESSION_KEY in data and isinstance(value, str) and value.startswith(("v1.", "v2."))
