"""Devices and sessions: which browser may speak for its owner, and how she ends it.

A session belongs to a device row, so that one device can be signed out; a new salt on the
account ends all of them at once.
"""

from __future__ import annotations

import secrets
import uuid
from importlib import import_module

from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.http import HttpRequest

from lianxin.accounts import rules, selectors
from lianxin.accounts.models import Device, SignIn, User, new_salt
from lianxin.accounts.policies import is_trusted
from lianxin.audit import api as audit
from lianxin.kit import clock
from lianxin.kit.transactions import atomic

BACKEND = "django.contrib.auth.backends.ModelBackend"


def new_key() -> str:
    """Make the key of a browser's device cookie."""
    return secrets.token_urlsafe(32)


def device_keep(*, account: User, browser: str, label: str, trusts: bool) -> Device:
    """Make or renew the row of a browser; when trust begins, the browser gets a new key.

    The new key takes the place of the old one for every account on that browser, so that a key
    planted beforehand opens nothing.
    """
    with atomic():
        device, _ = Device.objects.select_for_update().get_or_create(
            account=account, key=browser, defaults={"label": label, "created_at": clock.now()}
        )
        device.label = label
        if trusts:
            if not is_trusted(device):
                device.key = new_key()
                Device.objects.filter(key=browser).update(key=device.key)
            device.trusted_until = clock.now() + rules.TRUST_LIFE
        device.save()
    return device


def device_trust(*, account_id: uuid.UUID, browser: str) -> str:
    """Trust a device after password and second factor; return its key, a new one if trust begins."""
    with atomic():
        device = (
            Device.objects.select_for_update().filter(account_id=account_id, key=browser).first()
        )
        if device is None:
            return ""
        key = browser if is_trusted(device) else new_key()
        Device.objects.filter(key=browser).update(key=key)
        Device.objects.filter(pk=device.pk).update(trusted_until=clock.now() + rules.TRUST_LIFE)
    return key


def session_begin(request: HttpRequest, user: User, *, device: Device, is_shared: bool) -> None:
    """Sign a browser in with a new session; the session this device had before ends.

    At a kiosk every session is a kiosk's, whichever way she came in.
    """
    login(request, user, backend=BACKEND)
    kiosk = selectors.kiosk_of(request)
    if is_shared or kiosk:
        request.session["is_shared"] = True
        life = rules.KIOSK_LIFE if kiosk else rules.SHARED_LIFE
        request.session.set_expiry(int(life.total_seconds()))
    elif request.session.pop("is_shared", False):
        request.session.set_expiry(None)
    if kiosk:
        now = clock.now().isoformat()
        request.session[selectors.KIOSK] = {"since": now, "touched": now}
    _remember_session(request, device)


def session_deepen(request: HttpRequest, name: str) -> None:
    """Note in the session that something more was shown, under a new session key."""
    request.session.cycle_key()
    request.session[name] = clock.now().isoformat()
    if not request.session.get("is_shared"):
        request.session.set_expiry(int(rules.DESK_IDLE.total_seconds()))
    device = _device_here(request)
    if device:
        _remember_session(request, device)


def session_renew(request: HttpRequest, user: User) -> None:
    """Keep this one session alive after the account's salt or password changed."""
    update_session_auth_hash(request, user)
    device = _device_here(request)
    if device:
        _remember_session(request, device)


def device_end(*, actor_id: uuid.UUID, device_id: uuid.UUID) -> None:
    """Sign one of one's own devices out and trust it no more; again changes nothing."""
    with atomic():
        device = Device.objects.filter(pk=device_id, account_id=actor_id).first()
        if device is None:
            return
        _end_session(device.session_key)
        SignIn.objects.filter(device=device).update(device=None)
        device.delete()
        audit.record(
            actor_id=actor_id,
            action="accounts.device_ended",
            kind="accounts.Device",
            object_id=device_id,
            subject_id=actor_id,
        )


def sessions_end(*, account: User, actor_id: uuid.UUID | None, keep: str = "") -> None:
    """Sign an account out everywhere and trust no device any more, but the browser `keep`."""
    with atomic():
        account.session_salt = new_salt()
        account.save(update_fields=["session_salt"])
        others = Device.objects.filter(account=account).exclude(key=keep)
        for device in others:
            _end_session(device.session_key)
        others.update(trusted_until=None, session_key="")
        audit.record(
            actor_id=actor_id,
            action="accounts.sessions_ended",
            kind="accounts.User",
            object_id=account.pk,
            subject_id=account.pk,
        )


def _device_here(request: HttpRequest) -> Device | None:
    browser = selectors.browser_of(request)
    return (
        Device.objects.filter(key=browser, account_id=request.user.pk).first() if browser else None
    )


def _remember_session(request: HttpRequest, device: Device) -> None:
    if device.session_key and device.session_key != request.session.session_key:
        _end_session(device.session_key)
    device.session_key = request.session.session_key or ""
    with atomic():
        Device.objects.filter(pk=device.pk).update(session_key=device.session_key)


def _end_session(key: str) -> None:
    if key:
        import_module(settings.SESSION_ENGINE).SessionStore(key).delete()
