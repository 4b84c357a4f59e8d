"""A secret shown once to who asked for it: for ten minutes, sealed in her session alone."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest

from lianxin.kit import clock
from lianxin.vault import api as vault

SHOWN_FOR = dt.timedelta(minutes=10)
_HELD = "shown_secret"


def secret_hold(request: HttpRequest, of: str, secret: str) -> None:
    """Keep the secret of something for who is signed in here: a second tap must not lose it."""
    if secret:
        sealed = vault.seal_text(secret, bound_to=_place(request))
        until = (clock.now() + SHOWN_FOR).isoformat()
        request.session[_HELD] = {"of": of, "sealed": sealed, "until": until}


def secret_held(request: HttpRequest, of: str) -> str:
    """Return the secret of something while it is shown; "" afterwards, and to anybody else."""
    held = request.session.get(_HELD)
    if not isinstance(held, dict) or held.get("of") != of:
        return ""
    if dt.datetime.fromisoformat(held["until"]) < clock.now():
        del request.session[_HELD]
        return ""
    try:
        return vault.open_text(held["sealed"], bound_to=_place(request))
    except vault.BrokenSealError:
        return ""


def _place(request: HttpRequest) -> str:
    return f"accounts.session:{request.user.pk}"
