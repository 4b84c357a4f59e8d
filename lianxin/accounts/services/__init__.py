"""Writing accounts: codes, sign-ins, devices, factors, and what officers do for people."""

from __future__ import annotations

from lianxin.accounts.services.codes import code_prove, code_send, code_send_again
from lianxin.accounts.services.devices import (
    device_end,
    device_keep,
    device_trust,
    new_key,
    session_begin,
    session_deepen,
    session_renew,
    sessions_end,
)
from lianxin.accounts.services.factors import (
    demo_code,
    factor_enrol,
    factor_prove,
    factors_clear,
    recovery_codes_renew,
)
from lianxin.accounts.services.kiosks import (
    kiosk_answer,
    kiosk_ask,
    kiosk_begin,
    kiosk_end,
    kiosk_find,
    kiosk_home,
    kiosk_set_up,
    kiosk_state,
    kiosk_touch,
)
from lianxin.accounts.services.officers import (
    is_handed_password_stale,
    officer_create,
    password_change,
    password_hand,
)
from lianxin.accounts.services.outside import (
    identity_unlink,
    outside_begin,
    outside_return,
)
from lianxin.accounts.services.passkeys import (
    Site,
    passkey_ask,
    passkey_prove,
    passkey_register,
    passkey_remove,
    passkey_rename,
    passkey_sign_in,
)
from lianxin.accounts.services.people import (
    account_close,
    account_create,
    account_discard,
    account_export,
    agreement_give,
    phone_rebind,
    preferences_save,
)
from lianxin.accounts.services.resealing import sealed_stores
from lianxin.accounts.services.session import has_second_factor
from lianxin.accounts.services.showing import secret_held, secret_hold
from lianxin.accounts.services.signing_in import (
    identity_prove,
    number_take_over,
    person_prove,
    phone_change,
    run_agree,
    run_finish,
    run_refuse,
)
from lianxin.accounts.services.upkeep import old_purge

__all__ = [
    "Site", "account_close", "account_create", "account_discard", "account_export", "agreement_give",
    "code_prove",
    "code_send", "code_send_again", "demo_code", "device_end", "device_keep", "device_trust",
    "factor_enrol", "factor_prove", "factors_clear", "has_second_factor", "identity_prove",
    "identity_unlink", "is_handed_password_stale", "kiosk_answer", "kiosk_ask", "kiosk_begin",
    "kiosk_end", "kiosk_find", "kiosk_home", "kiosk_set_up", "kiosk_state", "kiosk_touch", "new_key",
    "number_take_over", "officer_create", "old_purge", "outside_begin", "outside_return",
    "passkey_ask", "passkey_prove", "passkey_register", "passkey_remove", "passkey_rename",
    "passkey_sign_in", "password_change", "password_hand", "person_prove", "phone_change",
    "phone_rebind", "preferences_save", "recovery_codes_renew", "run_agree", "run_finish",
    "run_refuse", "sealed_stores", "secret_held", "secret_hold", "session_begin", "session_deepen", "session_renew",
    "sessions_end",
]  # fmt: skip
