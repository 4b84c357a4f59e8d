"""Signing in at a kiosk with the phone in one's hand: the device flow of RFC 8628, as pages.

The kiosk shows a code, the phone of a signed-in person answers it, the kiosk begins a short
session that trusts nothing. Only a kiosk its operator has set up may ask at all, so a stranger
cannot send somebody a code of his own browser and wait for a yes.
"""

from __future__ import annotations

import datetime as dt
import hmac
import uuid

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils.translation import gettext as _

from lianxin.accounts import policies, rules, selectors
from lianxin.accounts.models import Attempt, Device, KioskGrant, User
from lianxin.accounts.services.challenges import challenge_make
from lianxin.accounts.services.devices import device_keep, session_begin
from lianxin.audit import api as audit
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError, StaleError
from lianxin.kit.ids import new_id
from lianxin.kit.transactions import atomic
from lianxin.ui.slots import HomeCard

WAITING, APPROVED = KioskGrant.State.WAITING, KioskGrant.State.APPROVED
REFUSED, USED = KioskGrant.State.REFUSED, KioskGrant.State.USED
CODE_TRIES = "kiosk_code"
TRIES_AN_HOUR = 10
LABEL = "kiosk"
_TOUCH_EVERY = dt.timedelta(seconds=10)


def kiosk_ask(*, browser: str, kiosk: str) -> KioskGrant:
    """Return the code a kiosk shows: the one that still waits, else a new one."""
    now = clock.now()
    fresh = KioskGrant.objects.filter(
        browser=browser, state=WAITING, made_at__gt=now - rules.KIOSK_CODE_LIFE
    )
    with atomic():
        return fresh.order_by("-made_at").first() or KioskGrant.objects.create(
            id=new_id(), browser=browser, kiosk=kiosk, user_code=rules.new_user_code(), made_at=now
        )


def kiosk_find(*, actor_id: uuid.UUID, typed: str) -> KioskGrant:
    """Return the kiosk that shows a code.

    Raises:
        RefusedError: none shows it (a try is counted), or no tries are left this hour.
    """
    since = clock.now() - dt.timedelta(hours=1)
    with atomic():
        actor = User.objects.select_for_update().get(pk=actor_id)
        made = Attempt.objects.filter(account=actor, kind=CODE_TRIES, at__gt=since).count()
        found = _open(rules.typed_user_code(typed)) if made < TRIES_AN_HOUR else None
        if found is None and made < TRIES_AN_HOUR:
            Attempt.objects.create(account=actor, kind=CODE_TRIES, at=clock.now())
    if found is None:
        raise RefusedError(
            _("No kiosk shows this code now. Look at the screen before you: it changes every five minutes."),
            field="code",
        )  # fmt: skip
    return found


def kiosk_answer(*, actor_id: uuid.UUID, grant_id: uuid.UUID, says_yes: bool) -> KioskGrant:
    """Say yes or no to a kiosk; the same answer again changes nothing.

    Raises:
        StaleError: its code is too old, or somebody answered it.
    """
    with atomic():
        grant = KioskGrant.objects.select_for_update().filter(pk=grant_id).first()
        if grant is not None and grant.account_id == actor_id:
            return grant
        if grant is None or grant.state != WAITING or _is_old(grant):
            raise StaleError(_("This code is over. Please look at the kiosk for a new one."))
        grant.account_id, grant.state = actor_id, APPROVED if says_yes else REFUSED
        grant.save(update_fields=["account", "state"])
        if says_yes:
            audit.record(
                actor_id=actor_id, action="accounts.kiosk_approved", kind="accounts.KioskGrant",
                object_id=grant.pk, subject_id=actor_id,
            )  # fmt: skip
    return grant


def kiosk_state(*, browser: str, grant_id: uuid.UUID) -> str:
    """Say where a code of this kiosk stands: waiting, approved, refused, used or over."""
    grant = KioskGrant.objects.filter(pk=grant_id, browser=browser).first()
    return grant.state if grant is not None and not _is_old(grant) else "over"


def kiosk_begin(request: HttpRequest, *, browser: str, grant_id: uuid.UUID) -> bool:
    """Begin the session a phone said yes to, once; False while there is no yes."""
    with atomic():
        grant = KioskGrant.objects.select_for_update().filter(pk=grant_id, browser=browser).first()
        if grant is None or grant.state != APPROVED or grant.account_id is None or _is_old(grant):
            return False
        user = User.objects.filter(pk=grant.account_id, is_active=True).first()
        grant.state = USED
        grant.save(update_fields=["state"])
    if user is None:
        return False
    device = device_keep(account=user, browser=browser, label=LABEL, trusts=False)
    session_begin(request, user, device=device, is_shared=True)
    return True


def kiosk_end(request: HttpRequest) -> None:
    """End the session at a kiosk; nothing of the person stays there."""
    browser = selectors.browser_of(request)
    if request.user.is_authenticated and selectors.kiosk_session(request):
        with atomic():
            Device.objects.filter(account_id=request.user.pk, key=browser, label=LABEL).delete()
    logout(request)


def kiosk_touch(request: HttpRequest) -> bool:
    """Note that somebody still stands before the kiosk; False once the session is over."""
    held = selectors.kiosk_session(request)
    if held is None:
        return True
    now = clock.now()
    since, touched = (dt.datetime.fromisoformat(held[name]) for name in ("since", "touched"))
    if now > since + rules.KIOSK_LIFE or now > touched + rules.KIOSK_IDLE:
        return False
    if now > touched + _TOUCH_EVERY:
        request.session[selectors.KIOSK] = {**held, "touched": now.isoformat()}
    return True


def kiosk_set_up(*, browser: str, key: str) -> str:
    """Return the key of a kiosk once the key of its operator, or the code of its station, was typed right.

    Raises:
        RefusedError: no kiosk of ours has it, or it was tried too often from here.
    """
    challenge_make(browser=browser, kind=LABEL, purpose="prove", secret={})
    typed = key.strip()
    known = [held for held in settings.KIOSKS if hmac.compare_digest(held.encode(), typed.encode())]
    if known and selectors.kiosk_name(typed):
        return str(known[0])
    paired = (keeper.pair(rules.typed_user_code(typed)) for keeper in policies.kiosk_keepers)
    found = next((made for made in paired if made), "")
    if not found:
        raise RefusedError(
            _(
                "No kiosk of ours has this key or code. A code is good for fifteen minutes, and once."
            ),
            field="key",
        )
    return found


def kiosk_home(request: HttpRequest, key: str) -> HomeCard | None:
    """Return what greets on the start page of a kiosk that somebody keeps; None for one of the settings."""
    homes = (keeper.home(request, key) for keeper in policies.kiosk_keepers)
    return next((home for home in homes if home is not None), None)


def _open(code: str) -> KioskGrant | None:
    since = clock.now() - rules.KIOSK_CODE_LIFE
    waiting = KioskGrant.objects.filter(user_code=code, state=WAITING, made_at__gt=since)
    return waiting.first() if code else None


def _is_old(grant: KioskGrant) -> bool:
    # A yes given in the last moment still has a minute to reach the kiosk.
    grace = rules.REPLAY_GRACE if grant.state == APPROVED else dt.timedelta()
    return grant.made_at + rules.KIOSK_CODE_LIFE + grace < clock.now()
