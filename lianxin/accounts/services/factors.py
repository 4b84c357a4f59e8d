"""The second factor of officers: codes of an authenticator app, and recovery codes on paper.

Both are kept in allauth's table of authenticators, so that passkeys can join them. The secret of
the app is sealed for its account; of recovery codes only keyed digests are kept. A code counts
once: the last half minute used is remembered in the row, which is locked while it is judged.
"""

from __future__ import annotations

import uuid

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from lianxin.accounts import rules
from lianxin.accounts.models import Attempt, User
from lianxin.audit import api as audit
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.transactions import atomic
from lianxin.vault import api as vault

FACTOR = "factor"
TOTP = Authenticator.Type.TOTP
RECOVERY = Authenticator.Type.RECOVERY_CODES


def factor_enrol(*, account_id: uuid.UUID, secret: str, code: str) -> list[str]:
    """Take an authenticator app into use once it has shown a right code; return recovery codes.

    Raises:
        RefusedError: the code does not fit, or there is an app already.
    """
    used = rules.totp_match(secret, rules.typed_code(code), at=clock.now(), used=0)
    if used is None:
        raise RefusedError(_not_fitting(), field="code")
    with atomic():
        user = User.objects.select_for_update().get(pk=account_id)
        if Authenticator.objects.filter(user=user, type=TOTP).exists():
            raise RefusedError(
                _("An authenticator app is set up already. Use its code, or a recovery code."),
                field="code",
            )
        sealed = vault.seal_text(secret, bound_to=_place(user))
        Authenticator.objects.create(
            user=user, type=TOTP, data={"secret": sealed, "used": used}, created_at=clock.now()
        )
        codes = recovery_codes_renew(account_id=account_id)
        _note(user, "accounts.factor_enrolled", user.pk)
    return codes


def recovery_codes_renew(*, account_id: uuid.UUID) -> list[str]:
    """Make ten new recovery codes; the old ones count no more. They are shown this once."""
    codes = rules.new_recovery_codes()
    with atomic():
        user = User.objects.select_for_update().get(pk=account_id)
        digests = [_digest(user, code) for code in codes]
        Authenticator.objects.update_or_create(
            user=user, type=RECOVERY, defaults={"data": {"digests": digests}}
        )
        _note(user, "accounts.recovery_codes_renewed", user.pk)
    return codes


def factor_prove(*, account_id: uuid.UUID, code: str) -> None:
    """Take a code of the app or a recovery code, once.

    Raises:
        RefusedError: it does not fit or was used; after five wrong ones there is a pause.
    """
    typed = rules.typed_code(code)
    with atomic():
        user = User.objects.select_for_update().get(pk=account_id)
        since = clock.now() - rules.FACTOR_PAUSE
        wrong = Attempt.objects.filter(account=user, kind=FACTOR, at__gt=since).count()
        waits = wrong >= rules.FACTOR_TRIES
        right = not waits and (_app_fits(user, typed) or _recovery_fits(user, typed))
        if not waits and not right:
            Attempt.objects.create(account=user, kind=FACTOR, at=clock.now())
    if waits:
        raise RefusedError(
            _("Too many wrong codes. Please wait a quarter of an hour, then try again."),
            field="code",
        )
    if not right:
        raise RefusedError(_not_fitting(), field="code")


def factors_clear(*, actor_id: uuid.UUID | None, account_id: uuid.UUID) -> None:
    """Forget app and recovery codes of somebody who lost them; she sets up anew."""
    with atomic():
        user = User.objects.select_for_update().get(pk=account_id)
        Authenticator.objects.filter(user=user).delete()
        _note(user, "accounts.factors_cleared", actor_id)


def demo_code(user: User) -> str:
    """Return the code an invented officer's app would show now. For demo mode only."""
    row = Authenticator.objects.filter(user=user, type=TOTP).first()
    if row is None or not user.is_demo:
        return ""
    counter = max(rules.totp_counter(clock.now()), int(row.data["used"]) + 1)
    secret = vault.open_text(row.data["secret"], bound_to=_place(user))
    return rules.totp_code(secret, counter)


def _app_fits(user: User, typed: str) -> bool:
    row = Authenticator.objects.select_for_update().filter(user=user, type=TOTP).first()
    if row is None:
        return False
    # Opened for the machine only, which compares.
    secret = vault.open_text(row.data["secret"], bound_to=_place(user))
    counter = rules.totp_match(secret, typed, at=clock.now(), used=int(row.data["used"]))
    if counter is None:
        return False
    row.data["used"] = counter
    row.save(update_fields=["data"])
    return True


def _recovery_fits(user: User, typed: str) -> bool:
    row = Authenticator.objects.select_for_update().filter(user=user, type=RECOVERY).first()
    digest = _digest(user, typed)
    if row is None or digest not in row.data["digests"]:
        return False
    row.data["digests"] = [one for one in row.data["digests"] if one != digest]
    row.save(update_fields=["data"])
    _note(user, "accounts.recovery_code_used", user.pk)
    return True


def _digest(user: User, code: str) -> str:
    return vault.blind_index(f"{user.pk}:{rules.typed_code(code)}", purpose="recovery_code")


def _place(user: User) -> str:
    return f"accounts.totp:{user.pk}"


def _not_fitting() -> str:
    return _("This code does not fit, or it was used before. Please wait for the next one.")


def _note(user: User, action: str, actor_id: uuid.UUID | None) -> None:
    audit.record(
        actor_id=actor_id,
        action=action,
        kind="accounts.User",
        object_id=user.pk,
        subject_id=user.pk,
    )
