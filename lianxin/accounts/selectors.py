"""Reading accounts, their devices and their sessions."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import signing
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.accounts import conf, rules
from lianxin.accounts.models import (
    Agreement,
    Challenge,
    Device,
    OutsideIdentity,
    SignIn,
    User,
)
from lianxin.accounts.policies import check_of, is_trusted, kiosk_keepers
from lianxin.accounts.rules import Stage
from lianxin.kit import clock
from lianxin.vault import api as vault

PHONE = "phone"
PASSKEY = "passkey"
PASSWORD_AT = "password_at"  # noqa: S105  (the name of a session value)
FACTOR_AT = "second_factor_at"
DESK_AT = "desk_seen_at"
KIOSK = "kiosk"
KIOSK_COOKIE = "lx_kiosk"
SHORTEST_KIOSK_KEY = 16
WAYS_AT = "ways_open_at"
_NAMES = {
    "harmony": _("Phone with HarmonyOS"),
    "iphone": _("iPhone"),
    "ipad": _("iPad"),
    "android": _("Android phone"),
    "windows": _("Windows computer"),
    "mac": _("Mac"),
    "linux": _("Linux computer"),
    "kiosk": _("Kiosk"),
}
_signer = signing.Signer(salt="lianxin.accounts.device")
_kiosks = signing.Signer(salt="lianxin.accounts.kiosk")


@dataclass(frozen=True, kw_only=True)
class OwnDevice:
    """A device as its owner sees it in her list."""

    id: uuid.UUID
    name: str
    created_at: dt.datetime
    trusted_until: dt.datetime | None
    is_here: bool
    is_trusted: bool


def signed_key(key: str) -> str:
    """Return the value of the device cookie for a key."""
    return _signer.sign(key)


def browser_of(request: HttpRequest) -> str:
    """Return the device key of this browser, or "" if it has none of ours."""
    try:
        return _signer.unsign(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""))
    except signing.BadSignature:
        return ""


def has_kiosks() -> bool:
    """Say whether there is any kiosk, so that there are pages for one."""
    return bool(settings.KIOSKS) or any(keeper.has_any() for keeper in kiosk_keepers)


def kiosk_name(key: str) -> str:
    """Return the name of the kiosk that is set up with this key, or ""."""
    if len(key) < SHORTEST_KIOSK_KEY:
        return ""
    held = str(settings.KIOSKS.get(key, ""))
    names = (keeper.name_of(key) for keeper in kiosk_keepers)
    return held or next((name for name in names if name), "")


def signed_kiosk(key: str) -> str:
    """Return the value of the cookie by which a kiosk that was set up is known."""
    return _kiosks.sign(key)


def kiosk_of(request: HttpRequest) -> str:
    """Return the key this browser was set up with as a kiosk, or ""; one struck off the list is none."""
    try:
        key = _kiosks.unsign(request.COOKIES.get(KIOSK_COOKIE, ""))
    except signing.BadSignature:
        return ""
    return key if kiosk_name(key) else ""


def kiosk_session(request: HttpRequest) -> dict[str, str] | None:
    """Return what a session at a kiosk knows of itself; None for any other session."""
    held = request.session.get(KIOSK)
    return held if isinstance(held, dict) else None


def is_borrowed(request: HttpRequest) -> bool:
    """Say whether this session runs on a device that is not her own."""
    return bool(request.session.get("is_shared")) or kiosk_session(request) is not None


def phone_index(phone: str) -> str:
    """Return the digest by which a number is found."""
    return vault.blind_index(phone, purpose="phone")


def user_by_phone(phone: str) -> User | None:
    """Find the account that holds a number (E.164)."""
    return user_by_index(phone_index(phone))


def user_by_index(index: str) -> User | None:
    """Find the account that holds the number with this digest."""
    return User.objects.filter(phone_index=index).first() if index else None


def proved_phone(account_id: uuid.UUID) -> str:
    """Return the number (E.164) an account has proved by a code, "" if none; for the machine only."""
    proved = User.objects.filter(pk=account_id, is_active=True).exclude(phone_verified_at=None)
    user = proved.first()
    return vault.reveal(user, "phone") if user and user.phone_index else ""


def trusted_device(browser: str, account: User) -> Device | None:
    """Return this browser's row for an account, if it may speak for its owner."""
    found = Device.objects.filter(key=browser, account=account).first() if browser else None
    return found if found and is_trusted(found) else None


def is_known_device(browser: str, *, login_name: str) -> bool:
    """Say whether a browser is trusted by the account with this login name."""
    rows = Device.objects.filter(key=browser, account__login_name=login_name) if browser else ()
    return any(is_trusted(row) for row in rows)


def devices_of(account: User, *, browser: str) -> list[OwnDevice]:
    """List the devices an account is signed in on or trusts, the newest first."""
    rows = Device.objects.filter(account=account).order_by("-created_at")
    return [
        OwnDevice(
            id=row.pk,
            name=_device_name(row.label),
            created_at=row.created_at,
            trusted_until=row.trusted_until,
            is_here=row.key == browser,
            is_trusted=is_trusted(row),
        )
        for row in rows
    ]


def _device_name(label: str) -> str:
    system, _dash, app = label.partition("-")
    name = str(_NAMES.get(system, _("Device")))
    return gettext("%(device)s, in WeChat") % {"device": name} if app else name


def has_agreed(account: User) -> bool:
    """Say whether the account has agreed to every document in its version in force."""
    given = set(Agreement.objects.filter(account=account).values_list("document", "version"))
    return set(conf.documents().items()) <= given


def run_of(run_id: uuid.UUID, *, browser: str) -> SignIn | None:
    """Return a run of signing in, in the browser that began it and nowhere else, for an hour."""
    if not browser:
        return None
    since = clock.now() - rules.RUN_LIFE
    return SignIn.objects.filter(pk=run_id, browser=browser, sent_at__gt=since).first()


def phone_of_run(run: SignIn) -> str:
    """Return the number a run is about, to the one who typed it: no trace is left."""
    return vault.reveal(run, "phone")


def stage_of(run: SignIn) -> Stage:
    """Say which page a run must pass next."""
    if run.proved_at is None or run.proved_at + rules.PROOF_LIFE < clock.now():
        return Stage.CODE
    account = holder_of(run)
    if account and not _is_identified(run, account):
        return Stage.WHO
    if account is None or not has_agreed(account):
        return Stage.AGREE
    return Stage.DONE


def holder_of(run: SignIn) -> User | None:
    """Return the account a run leads to: who holds the number, or whose passkey or identity it was."""
    return user_by_index(run.phone_index) if run.way == PHONE else run.account


def _is_identified(run: SignIn, account: User) -> bool:
    if run.identified_at is not None and run.account_id == account.pk:
        return True
    if check_of(account) is None:
        return True
    # A new way in is to be added: a phone left on a table must not answer for its owner.
    return run.outside_id is None and trusted_device(run.browser, account) is not None


def has_password(user: User) -> bool:
    """Say whether an account can be opened by login name and password."""
    return bool(user.login_name) and user.has_usable_password()


def is_opened(user: User) -> bool:
    """Say whether its person has ever been in an account: a proved number, a password, an agreement."""
    has_key = user.phone_verified_at is not None or has_password(user)
    return has_key or bool(Agreement.objects.filter(account=user).exists())


def account_is_opened(account_id: uuid.UUID) -> bool:
    """Say the same of an account by its id; one that is gone is open to nobody's undoing."""
    user = User.objects.filter(pk=account_id).first()
    return user is None or is_opened(user)


def unopened(column: str) -> Exists:
    """Return the condition "the account in this column was begun for somebody who never opened it".

    What she agreed to stays when her number goes, so an account once opened is never unopened again.
    """
    rows = User.objects.filter(
        pk=OuterRef(column), is_active=True, phone_verified_at=None, login_name=None
    )
    return Exists(rows.filter(~Exists(Agreement.objects.filter(account_id=OuterRef("pk")))))


def has_totp(user: User) -> bool:
    """Say whether an authenticator app is set up."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def passkeys_of(user: User) -> list[Authenticator]:
    """List the passkeys of an account, the oldest first."""
    rows = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return list(rows.order_by("created_at", "pk"))


def has_factor(user: User) -> bool:
    """Say whether a second factor is set up: an authenticator app or a passkey."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=user, type__in=kinds).exists())


def outside_identities(user: User) -> dict[str, OutsideIdentity]:
    """Return the identities outside that open an account, by provider."""
    return {row.provider: row for row in OutsideIdentity.objects.filter(account=user)}


def waiting_identity(challenge_id: str, *, browser: str) -> Challenge | None:
    """Return an identity outside that was proved in this browser and waits for a phone."""
    since = clock.now() - rules.OUTSIDE_LIFE
    try:
        key = uuid.UUID(challenge_id)
    except ValueError:
        return None
    rows = Challenge.objects.filter(pk=key, browser=browser, purpose="sign_in", made_at__gt=since)
    return rows.exclude(uid_index="").first() if browser else None


def ways_in(user: User) -> int:
    """Count the ways by which an account can be opened; the last one is never taken away."""
    passkeys = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).count()
    outside = OutsideIdentity.objects.filter(account=user).count()
    return int(bool(user.phone_index)) + int(has_password(user)) + int(passkeys) + int(outside)


def recovery_codes_left(user: User) -> int:
    """Count the recovery codes not used yet."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(row.data["digests"]) if row else 0


def moment_in(request: HttpRequest, name: str) -> dt.datetime | None:
    """Return a moment kept in the session."""
    kept = request.session.get(name)
    return dt.datetime.fromisoformat(kept) if isinstance(kept, str) else None


def ways_are_open(request: HttpRequest) -> bool:
    """Say whether the person showed who she is in the last minutes, to change her ways in."""
    at = moment_in(request, WAYS_AT)
    return at is not None and at > clock.now() - rules.WAYS_OPEN


def password_given(request: HttpRequest) -> bool:
    """Say whether this session began with login name and password."""
    return moment_in(request, PASSWORD_AT) is not None


def may_open_desk(request: HttpRequest) -> bool:
    """Say whether password and second factor were given in this session, and the desk is in use."""
    if not request.user.is_authenticated or not password_given(request):
        return False
    factor = moment_in(request, FACTOR_AT)
    seen = moment_in(request, DESK_AT) or factor
    return factor is not None and seen is not None and seen > clock.now() - rules.DESK_IDLE
