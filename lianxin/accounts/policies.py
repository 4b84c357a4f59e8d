"""Who has to show what before she is let in; higher apps add what only they can know."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from lianxin.accounts.models import Device, User
from lianxin.kit import clock
from lianxin.kit.slots import Slot
from lianxin.ui.slots import HomeCard


@dataclass(frozen=True, kw_only=True)
class IdentityCheck:
    """A question only the person behind an account can answer.

    `question` returns it in the reader's language, or None if nobody is behind the account.
    `verify` compares an answer in constant time. Neither counts tries: accounts does.
    """

    question: Callable[[User], str | None]
    verify: Callable[[User, str], bool]


identity_checks: Slot[IdentityCheck] = Slot(
    "identity_checks",
    purpose="Questions to the person behind an account, asked on an unknown device",
)
identity_finders: Slot[Callable[[str], uuid.UUID | None]] = Slot(
    "identity_finders",
    purpose="Finds the account of the one person with a verified identity number, or None",
)
sign_in_steps: Slot[Callable[[HttpRequest, User], str | None]] = Slot(
    "sign_in_steps", purpose="Pages a fresh sign-in must pass: the address of the next one, or None"
)


@dataclass(frozen=True, kw_only=True)
class KioskKeeper:
    """Whoever above has kiosks of her own, beside those of the settings; a key names each.

    `has_any` says whether there is one, or one to come. `pair` answers a code typed on a screen with
    the key it is known by from now on, once, or with "". `name_of` is what people read of it; "" of
    one that was taken away. `home` greets on its start page, and notes that it is alive.
    """

    has_any: Callable[[], bool]
    pair: Callable[[str], str]
    name_of: Callable[[str], str]
    home: Callable[[HttpRequest, str], HomeCard | None]


kiosk_keepers: Slot[KioskKeeper] = Slot(
    "kiosk_keepers", purpose="Kiosks that others set up and take away: those that stand in stations"
)


def check_of(user: User) -> tuple[IdentityCheck, str] | None:
    """Return the first check that has a question for this account, with its question."""
    for check in identity_checks:
        question = check.question(user)
        if question:
            return check, question
    return None


def is_trusted(device: Device) -> bool:
    """Say whether a device speaks for its owner: signed in on within the last 180 days."""
    return device.trusted_until is not None and device.trusted_until > clock.now()
