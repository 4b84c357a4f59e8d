"""A secret shown once to who asked for it: for ten minutes, sealed in her session alone."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest

from lianxin.kit import clock
from lianxin.vault import api as vault

SHOWN_FOR = dt.timedelta(minutes=10)
_HELD = "shown_secrets"


def secret_hold(request: HttpRequest, of: str, secret: str) -> None:
    """Keep the secret of something for who is signed in here: a second tap must not lose it."""
    if secret:
        sealed = vault.seal_text(secret, bound_to=_place(request))
        until = (clock.now() + SHOWN_FOR).isoformat()
        request.session[_HELD] = _shown(request) | {of: {"sealed": sealed, "until": until}}


def secret_held(request: HttpRequest, of: str) -> str:
    """Return the secret of something while it is shown; "" afterwards, and to anybody else."""
    shown = _shown(request)
    if shown != request.session.get(_HELD, {}):
        request.session[_HELD] = shown
    try:
        return vault.open_text(shown[of]["sealed"], bound_to=_place(request))
    except (KeyError, vault.BrokenSealError):
        return ""


def _shown(request: HttpRequest) -> dict[str, dict[str, str]]:
    """Return what this session still shows; what is over goes."""
    held: dict[str, dict[str, str]] = request.session.get(_HELD, {})
    now = clock.now()
    return {of: one for of, one in held.items() if dt.datetime.fromisoformat(one["until"]) >= now}


def _place(request: HttpRequest) -> str:
    return f"accounts.session:{request.user.pk}"
