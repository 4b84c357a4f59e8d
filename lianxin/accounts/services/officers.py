"""Login names and passwords of officers: handed over in person, changed at first use."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lianxin.accounts import rules, selectors
from lianxin.accounts.models import Attempt, User
from lianxin.accounts.services.devices import sessions_end
from lianxin.accounts.services.factors import factors_clear
from lianxin.audit import api as audit
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic

GUESS = "password_guess"


def officer_create(
    *, actor_id: uuid.UUID | None, login_name: str, display_name: str, phone: str = ""
) -> tuple[User, str]:
    """Give a person a login name and a first password, which is returned to be handed over.

    One who signs in by phone already keeps her account: it is found by the number.

    Raises:
        RefusedError: the name is taken or unusable, the account has a name, the phone is none.
    """
    name = clean(login_name).lower()
    if not name or not all(c.isalnum() or c in "._-" for c in name) or len(name) > 64:
        raise RefusedError(_("A login name has letters, digits, dots, dashes."), field="login_name")
    number = rules.normal_phone(phone, strict=not settings.DEMO) if phone else ""
    if phone and not number:
        raise RefusedError(_("This does not look like a mobile number."), field="phone")
    with atomic():
        if User.objects.filter(login_name=name).exists():
            raise RefusedError(_("This login name is taken."), field="login_name")
        user = (selectors.user_by_phone(number) if number else None) or User(
            phone=number or None, phone_index=selectors.phone_index(number)
        )
        if user.login_name:
            raise RefusedError(
                _("This person has the login name “%(name)s” already.") % {"name": user.login_name},
                field="login_name",
            )
        user.login_name = name
        user.display_name = clean(display_name) or user.display_name
        password = _hand(user)
        user.save()
        _note(user, "accounts.officer_created", actor_id)
    return user, password


def password_hand(
    *, actor_id: uuid.UUID | None, account_id: uuid.UUID, also_factors: bool = False
) -> str:
    """Set a new first password for an officer who stands before one, and return it.

    Every session ends. With `also_factors` her app and recovery codes are forgotten too. The
    caller has checked that the actor may do this.

    Raises:
        RefusedError: the account has no login name.
    """
    with atomic():
        user = User.objects.select_for_update().get(pk=account_id)
        if not user.login_name:
            raise RefusedError(_("This account has no login name."))
        password = _hand(user)
        user.save(update_fields=["password", "password_handed_at"])
        if also_factors:
            factors_clear(actor_id=actor_id, account_id=account_id)
        sessions_end(account=user, actor_id=actor_id)
        _note(user, "accounts.password_handed", actor_id)
    return password


def password_change(*, account_id: uuid.UUID, old: str, new: str, browser: str) -> User:
    """Let an officer choose her own password; her other devices are signed out.

    Raises:
        RefusedError: the old one is wrong, or the new one too weak (the sentence says why); after
            five wrong ones there is a pause.
    """
    user = _who_knows(account_id, old)
    if old == new:
        raise RefusedError(_("Please choose another password than before."), field="new")
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise RefusedError(_why_weak(error), field="new") from error
    with atomic():
        user = User.objects.select_for_update().get(pk=account_id)
        user.set_password(new)
        user.password_handed_at = None
        user.save(update_fields=["password", "password_handed_at"])
        sessions_end(account=user, actor_id=account_id, keep=browser)
        _note(user, "accounts.password_changed", account_id)
    return user


def _who_knows(account_id: uuid.UUID, password: str) -> User:
    """Return the account whose password this is; guessing it here ends as at the door."""
    with atomic():
        user = User.objects.select_for_update().get(pk=account_id)
        since = clock.now() - rules.FACTOR_PAUSE
        wrong = Attempt.objects.filter(account=user, kind=GUESS, at__gt=since).count()
        waits = wrong >= rules.FACTOR_TRIES
        right = not waits and user.check_password(password)
        if not waits and not right:
            Attempt.objects.create(account=user, kind=GUESS, at=clock.now())
    if waits:
        raise RefusedError(
            _("Too many wrong passwords. Please wait a quarter of an hour, then try again."),
            field="old",
        )
    if not right:
        raise RefusedError(_("That is not your present password."), field="old")
    return user


def is_handed_password_stale(user: User) -> bool:
    """Say whether a password chosen by another was left unused for too long."""
    handed = user.password_handed_at
    return handed is not None and handed + rules.HANDED_PASSWORD_LIFE < clock.now()


def _why_weak(error: ValidationError) -> str:
    """Say Django's reasons in our own words."""
    said = {
        "password_too_short": _("It needs at least ten characters."),
        "password_too_common": _("Many people use this one; it would be guessed first."),
        "password_entirely_numeric": _("Digits alone are guessed fast; please mix in letters."),
        "password_too_similar": _("It is too much like your name."),
    }
    return " ".join(said.get(one.code or "", one.messages[0]) for one in error.error_list)


def _hand(user: User) -> str:
    password = rules.new_password()
    user.set_password(password)
    user.password_handed_at = clock.now()
    return password


def _note(user: User, action: str, actor_id: uuid.UUID | None) -> None:
    audit.record(
        actor_id=actor_id,
        action=action,
        kind="accounts.User",
        object_id=user.pk,
        subject_id=user.pk,
    )
