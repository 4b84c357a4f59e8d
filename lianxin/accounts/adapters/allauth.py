"""Our side of django-allauth: where phone numbers lie, how secrets of factors are sealed.

Sign-in by phone and the second factor are our own flows over allauth's tables (decision 0021).
These adapters let its other doors (passkeys, WeChat, device flow) find our accounts.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext as _

from lianxin.accounts import rules, selectors
from lianxin.accounts.models import User
from lianxin.kit import clock
from lianxin.notify import api as notify
from lianxin.vault import api as vault


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Keeps phone numbers sealed, with a blind index to find them."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  (allauth's signature)
        """Say no: an account begins with our own consent page."""
        return False

    def clean_phone(self, phone: str) -> str:
        number = rules.normal_phone(phone, strict=not settings.DEMO)
        if not number:
            raise self.validation_error("invalid_phone")
        return number

    def set_phone(self, user: AbstractBaseUser, phone: str, verified: bool) -> None:
        held = _ours(user)
        held.phone, held.phone_index = phone, selectors.phone_index(phone)
        held.phone_verified_at = clock.now() if verified else None
        held.save(update_fields=["phone", "phone_index", "phone_verified_at"])

    def get_phone(self, user: AbstractBaseUser) -> tuple[str, bool] | None:
        held = _ours(user)
        # For allauth's own use: it sends codes there and shows it to nobody else.
        phone = vault.reveal(held, "phone")
        return (phone, held.phone_verified_at is not None) if phone else None

    def set_phone_verified(self, user: AbstractBaseUser, phone: str) -> None:
        self.set_phone(user, phone, True)

    def get_user_by_phone(self, phone: str) -> AbstractBaseUser | None:
        return selectors.user_by_phone(phone)

    def send_verification_code_sms(
        self, user: AbstractBaseUser, phone: str, code: str, **_kwargs: Any
    ) -> None:
        text = _("[Lianxin] %(code)s is your code. It holds for 5 minutes.") % {"code": code}
        key = vault.blind_index(f"{user.pk}:{code}", purpose="sms_key")
        notify.sms_send(phone, text, key=key, useful_for=rules.CODE_LIFE)


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Seals what allauth keeps of factors."""

    def encrypt(self, text: str) -> str:
        return vault.seal_text(text, bound_to="allauth.mfa")

    def decrypt(self, encrypted_text: str) -> str:
        return vault.open_text(encrypted_text, bound_to="allauth.mfa")


def _ours(user: AbstractBaseUser) -> User:
    if not isinstance(user, User):
        raise TypeError("an account of ours")
    return user
