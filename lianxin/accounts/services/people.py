"""Accounts of people: made on the first sign-in, moved to another number, closed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext as _

from lianxin.accounts import rules, selectors
from lianxin.accounts.events import AccountClosed, PhoneReleased
from lianxin.accounts.models import (
    Agreement,
    Challenge,
    Device,
    KioskGrant,
    OutsideIdentity,
    SignIn,
    User,
    new_salt,
)
from lianxin.accounts.policies import check_of
from lianxin.accounts.services.devices import sessions_end
from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.transactions import atomic
from lianxin.notify import api as notify


def account_create(
    *,
    phone: str = "",
    display_name: str = "",
    language: str = "",
    is_demo: bool = False,
    is_verified: bool = False,
    actor_id: uuid.UUID | None = None,
) -> User:
    """Make an account, or return the one that holds the number.

    Raises:
        RefusedError: the number is no mobile number.
    """
    number = rules.normal_phone(phone, strict=not settings.DEMO) if phone else ""
    if phone and not number:
        raise RefusedError(_("This does not look like a mobile number."), field="phone")
    with atomic():
        found = selectors.user_by_phone(number) if number else None
        if found:
            return found
        user = User(
            display_name=display_name,
            language=language,
            is_demo=is_demo,
            phone=number or None,
            phone_index=selectors.phone_index(number),
            phone_verified_at=clock.now() if number and is_verified else None,
        )
        user.set_unusable_password()
        user.save(force_insert=True)
        _note(user, "accounts.created", actor_id=actor_id or user.pk)
    return user


def agreement_give(*, account: User, documents: Mapping[str, str]) -> None:
    """Write down what an account agreed to; again changes nothing."""
    with atomic():
        rows = [
            Agreement(account=account, document=document, version=version, at=clock.now())
            for document, version in documents.items()
        ]
        Agreement.objects.bulk_create(rows, ignore_conflicts=True)
        _note(account, "accounts.agreed", actor_id=account.pk, detail=dict(documents))


def phone_rebind(*, actor_id: uuid.UUID, account_id: uuid.UUID, phone: str, reason: str) -> User:
    """Give an account another number, for a person who stands before an officer with her papers.

    The caller has checked the ability `member.help` for her union; `reason` is a code. Every
    session ends, no device is trusted any more, passkeys and linked identities go. The number counts
    as proved with the next code.
    Publishes PhoneReleased.

    Raises:
        RefusedError: no mobile number, or it belongs to an account with a person behind it.
    """
    number = rules.normal_phone(phone, strict=not settings.DEMO)
    if not number:
        raise RefusedError(_("This does not look like a mobile number."), field="phone")
    index = selectors.phone_index(number)
    with atomic():
        user = User.objects.select_for_update().get(pk=account_id)
        if user.phone_index == index:
            return user
        holder = User.objects.select_for_update().filter(phone_index=index).first()
        if holder is not None:
            if check_of(holder) is not None:
                raise RefusedError(
                    _(
                        "This number belongs to another member. If that is wrong, that member’s number has to be changed first."
                    ),
                    field="phone",
                )
            phone_let_go(holder, actor_id=actor_id, reason="rebound")
        phone_let_go(user, actor_id=actor_id, reason=reason)
        _other_ways_end(user)
        user.phone, user.phone_index, user.phone_verified_at = number, index, None
        user.save(update_fields=["phone", "phone_index", "phone_verified_at"])
        _note(user, "accounts.phone_rebound", actor_id=actor_id, detail={"reason": reason})
    return user


def _other_ways_end(user: User) -> None:
    """Who took her phone may have added ways of his own: all go but those of an officer's desk."""
    OutsideIdentity.objects.filter(account=user).delete()
    if not selectors.has_password(user):
        Authenticator.objects.filter(user=user).delete()


def phone_let_go(user: User, *, actor_id: uuid.UUID | None, reason: str, keep: str = "") -> None:
    """Take an account's number away, end its sessions and its trust in devices. Inside `atomic`."""
    if user.phone_index:
        user.phone, user.phone_index, user.phone_verified_at = None, "", None
        user.save(update_fields=["phone", "phone_index", "phone_verified_at"])
        _note(user, "accounts.phone_released", actor_id=actor_id, detail={"reason": reason})
        jobs.publish(PhoneReleased(account_id=user.pk))
    sessions_end(account=user, actor_id=actor_id, keep=keep)


def account_close(*, actor_id: uuid.UUID) -> None:
    """Close one's own account: the number, the sessions, the factors go; the union's roll stays.

    Publishes AccountClosed, so that higher apps erase what no law obliges us to keep.
    """
    with atomic():
        user = User.objects.select_for_update().get(pk=actor_id)
        if user.is_active:
            _closed(user, actor_id=actor_id)


def account_discard(*, account_id: uuid.UUID) -> bool:
    """Close an account a machine began for somebody who never opened it; False if she did.

    The caller knows that nothing of hers is under way. Publishes AccountClosed.
    """
    with atomic():
        user = User.objects.select_for_update().get(pk=account_id)
        if not user.is_active or selectors.is_opened(user):
            return False
        _closed(user, actor_id=None)
    return True


def _closed(user: User, *, actor_id: uuid.UUID | None) -> None:
    phone_let_go(user, actor_id=actor_id, reason="closed")
    Device.objects.filter(account=user).delete()
    SignIn.objects.filter(account=user).delete()
    Authenticator.objects.filter(user=user).delete()
    OutsideIdentity.objects.filter(account=user).delete()
    Challenge.objects.filter(account=user).delete()
    KioskGrant.objects.filter(account=user).delete()
    user.is_active = False
    user.login_name, user.email, user.display_name = None, "", ""
    user.session_salt = new_salt()
    user.set_unusable_password()
    user.save()
    notify.account_erase(user.pk)
    _note(user, "accounts.closed", actor_id=actor_id)
    jobs.publish(AccountClosed(account_id=user.pk))


def preferences_save(*, account_id: uuid.UUID, language: str, text_size: str, theme: str) -> None:
    """Keep how a person likes to see the pages; what is empty stays as it was."""
    wanted = {"language": language, "text_size": text_size, "theme": theme}
    chosen = {name: value for name, value in wanted.items() if value}
    if chosen:
        with atomic():
            User.objects.filter(pk=account_id).update(**chosen)


def account_export(account_id: uuid.UUID) -> dict[str, object]:
    """Return what accounts keeps about a person, for her own copy."""
    user = User.objects.get(pk=account_id)
    agreed = Agreement.objects.filter(account=user).order_by("at")
    devices = Device.objects.filter(account=user).order_by("created_at")
    return {
        "name": user.display_name,
        "login_name": user.login_name or "",
        "language": user.language,
        "since": _moment(user.created_at),
        "agreed": [[row.document, row.version, _moment(row.at)] for row in agreed],
        "devices": [[row.label, _moment(row.created_at)] for row in devices],
        "passkeys": [
            [str(row.data["name"]), _moment(row.created_at)] for row in selectors.passkeys_of(user)
        ],
        "linked": [
            [row.provider, _moment(row.linked_at)]
            for row in selectors.outside_identities(user).values()
        ],
    }


def _moment(at: dt.datetime) -> str:
    return at.isoformat(timespec="seconds")


def _note(
    user: User, action: str, *, actor_id: uuid.UUID | None, detail: Mapping[str, str] | None = None
) -> None:
    audit.record(
        actor_id=actor_id,
        action=action,
        kind="accounts.User",
        object_id=user.pk,
        subject_id=user.pk,
        detail=detail,
    )
