"""The door of accounts."""

from __future__ import annotations

from lianxin.accounts.models import User
from lianxin.accounts.policies import (
    IdentityCheck,
    KioskKeeper,
    identity_checks,
    identity_finders,
    kiosk_keepers,
    sign_in_steps,
)
from lianxin.accounts.rules import (
    masked_phone,
    new_user_code,
    normal_phone,
    shown_phone,
    shown_user_code,
)
from lianxin.accounts.selectors import account_is_opened, proved_phone, unopened, user_by_phone
from lianxin.accounts.services import (
    account_close,
    account_create,
    account_discard,
    account_export,
    factors_clear,
    has_second_factor,
    officer_create,
    password_hand,
    phone_rebind,
    secret_held,
    secret_hold,
)

__all__ = [
    "IdentityCheck", "KioskKeeper", "User", "account_close", "account_create", "account_discard",
    "account_export", "account_is_opened", "factors_clear", "has_second_factor", "identity_checks",
    "identity_finders", "kiosk_keepers", "masked_phone", "new_user_code", "normal_phone",
    "officer_create", "password_hand", "phone_rebind", "proved_phone", "secret_held", "secret_hold", "shown_phone",
    "shown_user_code", "sign_in_steps", "unopened", "user_by_phone",
]  # fmt: skip
